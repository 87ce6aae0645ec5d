import type { ReactElement } from "react";
import type { ScreenPoll } from "../../shared/events/stream.ts";
import { Picture } from "../ui/Picture.tsx";
import { useWords } from "../ui/words-context.ts";

const PICTURE_OF = { open: "badge", paused: "paused", closed: "closed", certified: "final" } as const;

/** What to do now, in one line. */
export function How({ poll }: { poll: Pick<ScreenPoll, "state" | "upTo"> }): ReactElement {
  const { text, count } = useWords();
  const { state, upTo } = poll;
  return (
    <p className="how" data-state={state}>
      <Picture name={PICTURE_OF[state]} />
      {state === "open" && upTo > 1 ? count(text.how.several, upTo) : text.how[state]}
    </p>
  );
}
