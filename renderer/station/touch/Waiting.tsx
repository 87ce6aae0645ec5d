import type { ReactElement } from "react";
import type { ScreenTouch } from "../../../shared/events/stream.ts";
import { Picture } from "../../ui/Picture.tsx";
import type { Words } from "../../ui/text/words.ts";

type Waiting = NonNullable<ScreenTouch>;

/** What this voter does next: the sentence, and what stands before it. */
export function waitingWords(waiting: Waiting, { text }: Words): { name: string | null; detail: string } {
  return waiting.kind === "tapped"
    ? { name: null, detail: text.turn.touch }
    : { name: String(waiting.option), detail: text.turn.tap };
}

/** Half a vote, and how long it waits: a bar that gets shorter. It goes when the station says so. */
export function WaitingNotice({
  waiting,
  words,
  sizePx,
}: {
  waiting: Waiting;
  words: Words;
  sizePx: number;
}): ReactElement {
  const { name, detail } = waitingWords(waiting, words);
  return (
    <li
      className="notice waiting"
      data-waiting={waiting.kind}
      data-tone="prompt"
      style={{ fontSize: `${sizePx}px`, "--for": `${waiting.forMs}ms` }}
    >
      <Picture name={waiting.kind === "tapped" ? "touch" : "badge"} />
      {name !== null && <b>{name}</b>}
      <span>{detail}</span>
      <i className="time-left" />
    </li>
  );
}
