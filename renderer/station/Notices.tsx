import type { ReactElement } from "react";
import { Picture } from "../ui/Picture.tsx";
import { useWords } from "../ui/words-context.ts";
import { fitNotice } from "./layout/fit-notice.ts";
import { useBox } from "./layout/use-box.ts";
import { useRuler } from "./layout/use-ruler.ts";
import { toneOf } from "./outcomes.ts";
import type { ShownOutcome } from "./outcomes.ts";

/** Which outcomes need a sentence: all that belong to no lane, all refusals, and the two successes with a "but". */
export function noticed(outcome: ShownOutcome): boolean {
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
  atMost: number;
  unit: number;
  type: number;
}

/** The sentences, in the place of the instruction that these people just followed. */
export function Notices({ outcomes, atMost, unit, type }: NoticesProps): ReactElement {
  const { text } = useWords();
  const [ref, box] = useBox<HTMLUListElement>();
  const ruler = useRuler();
  const told = outcomes.slice(-atMost);
  // The gap of .notices in station.css.
  const room = { width: (box.width - 1.4 * unit * (told.length - 1)) / told.length, height: box.height };
  return (
    <ul className="notices" aria-hidden="true" ref={ref}>
      {told.map(({ id, kind, option, reader }) => {
        const { detail } = text.outcomes[kind];
        const name = option === null ? reader : String(option);
        const nameWidth = name === null ? 0 : ruler.width(name, 760);
        const sizePx = fitNotice(ruler.measure(detail, 560), nameWidth, room, type);
        return (
          <li
            key={id}
            className="notice"
            data-outcome={kind}
            data-tone={toneOf(kind)}
            style={{ fontSize: `${sizePx}px` }}
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
