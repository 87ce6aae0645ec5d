import type { ReactElement } from "react";
import type { ScreenTouch } from "../../shared/events/stream.ts";
import { Picture } from "../ui/Picture.tsx";
import { useWords } from "../ui/words-context.ts";
import { fitNotice } from "./layout/fit-notice.ts";
import { useBox } from "./layout/use-box.ts";
import { useRuler } from "./layout/use-ruler.ts";
import { toneOf } from "./outcomes.ts";
import type { ShownOutcome } from "./outcomes.ts";
import { WaitingNotice, waitingWords } from "./touch/Waiting.tsx";

/** Which outcomes need a sentence: all that belong to no lane, all refusals, and the two successes with a "but". */
export function noticed(outcome: ShownOutcome): boolean {
  // What waits for the touch says so itself, for as long as it does.
  if (outcome.kind === "choose-answer") return false;
  return (
    outcome.option === null ||
    toneOf(outcome.kind) !== "success" ||
    outcome.kind === "safe-here" ||
    outcome.kind === "changed"
  );
}

interface NoticesProps {
  /** The newest last. */
  outcomes: readonly ShownOutcome[];
  /** Half a vote that waits for its other half. */
  waiting?: ScreenTouch;
  atMost: number;
  unit: number;
  type: number;
}

/** The sentences, in the place of the instruction that these people just followed. */
export function Notices({ outcomes, waiting = null, atMost, unit, type }: NoticesProps): ReactElement {
  const words = useWords();
  const { text } = words;
  const [ref, box] = useBox<HTMLUListElement>();
  const ruler = useRuler();
  const places = waiting === null ? atMost : atMost - 1;
  const told = places === 0 ? [] : outcomes.slice(-places);
  const count = told.length + (waiting === null ? 0 : 1);
  // The gap of .notices in station.css.
  const room = { width: (box.width - 1.4 * unit * (count - 1)) / count, height: box.height };
  const fit = (name: string | null, detail: string): number =>
    fitNotice(ruler.measure(detail, 560), name === null ? 0 : ruler.width(name, 760), room, type);
  const turn = waiting === null ? null : waitingWords(waiting, words);
  return (
    <ul className="notices" aria-hidden="true" ref={ref}>
      {waiting !== null && turn !== null && (
        <WaitingNotice key={waiting.id} waiting={waiting} words={words} sizePx={fit(turn.name, turn.detail)} />
      )}
      {told.map(({ id, kind, option, reader }) => {
        const { detail } = text.outcomes[kind];
        const name = option === null ? reader : String(option);
        return (
          <li
            key={id}
            className="notice"
            data-outcome={kind}
            data-tone={toneOf(kind)}
            style={{ fontSize: `${fit(name, detail)}px` }}
          >
            <Picture name={kind} />
            {name !== null && <b dir="auto">{name}</b>}
            <span>{detail}</span>
          </li>
        );
      })}
    </ul>
  );
}
