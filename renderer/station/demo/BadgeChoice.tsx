import type { ReactElement } from "react";
import { Picture } from "../../ui/Picture.tsx";
import { useWords } from "../../ui/words-context.ts";
import { BADGES } from "./badges.ts";

/** Which badge is in the hand; null is a new one for each tap. */
export function BadgeChoice({
  uid,
  onTake,
}: {
  uid: string | null;
  onTake: (uid: string | null) => void;
}): ReactElement {
  const { demo } = useWords().text;
  const choices = [{ name: demo.fresh, uid: null }, ...BADGES];
  return (
    <fieldset className="demo-badges">
      <legend>{demo.badge}</legend>
      {choices.map((badge) => (
        <label key={badge.uid ?? "new"} className="demo-badge" data-new={badge.uid === null}>
          <input
            type="radio"
            name="badge"
            className="unseen"
            checked={badge.uid === uid}
            onChange={() => onTake(badge.uid)}
          />
          <Picture name={badge.uid === null ? "plus" : "badge"} />
          <span>{badge.name}</span>
        </label>
      ))}
    </fieldset>
  );
}
