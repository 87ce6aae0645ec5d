import type { ReactElement } from "react";
import type { ScreenPoll } from "../../shared/events/stream.ts";
import { Picture } from "../ui/Picture.tsx";
import { useWords } from "../ui/words-context.ts";

const PICTURE_OF = { open: "badge", paused: "paused", closed: "closed" } as const;

/** What to do now, in one line. */
export function How({ state }: { state: ScreenPoll["state"] }): ReactElement {
  const { text } = useWords();
  return (
    <p className="how" data-state={state}>
      <Picture name={PICTURE_OF[state]} />
      {text.how[state]}
    </p>
  );
}
