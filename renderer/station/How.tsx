import type { ReactElement } from "react";
import type { ScreenPoll } from "../../shared/events/stream.ts";
import { Picture } from "../ui/Picture.tsx";
import type { Words } from "../ui/text/words.ts";
import { useWords } from "../ui/words-context.ts";

const PICTURE_OF = { paused: "paused", closed: "closed", certified: "final" } as const;

interface HowProps {
  poll: Pick<ScreenPoll, "state" | "upTo">;
  /** At readers that stand for answers, at one and then on the screen, or on the screen alone. */
  by: "tap" | "choose" | "touch";
}

/** What to do now, in one line. */
export function How({ poll, by }: HowProps): ReactElement {
  const words = useWords();
  const { state } = poll;
  return (
    <p className="how" data-state={state}>
      <Picture name={state === "open" ? (by === "touch" ? "touch" : "badge") : PICTURE_OF[state]} />
      {state === "open" ? howTo(by, poll.upTo, words) : words.text.how[state]}
    </p>
  );
}

function howTo(by: HowProps["by"], upTo: number, { text: { how }, count }: Words): string {
  switch (by) {
    case "tap":
      return upTo > 1 ? count(how.several, upTo) : how.open;
    case "choose":
      return upTo > 1 ? count(how.chooseSeveral, upTo) : how.choose;
    case "touch":
      // Without a badge nobody can tell one voter's touches from another's: each is a vote for one answer.
      return how.touch;
  }
}
