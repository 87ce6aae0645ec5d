import type { ReactElement } from "react";
import { Picture } from "../ui/Picture.tsx";
import { useWords } from "../ui/words-context.ts";
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

/** The sentences, in the place of the instruction that these people just followed; the newest last. */
export function Notices({ outcomes, atMost }: { outcomes: readonly ShownOutcome[]; atMost: number }): ReactElement {
  const { text } = useWords();
  return (
    <ul className="notices" aria-hidden="true">
      {outcomes
        .filter(noticed)
        .slice(-atMost)
        .map(({ id, kind, option, reader }) => (
          <li key={id} className="notice" data-outcome={kind} data-tone={toneOf(kind)}>
            <Picture name={kind} />
            {option !== null && <b>{option}</b>}
            {option === null && reader !== null && <b dir="auto">{reader}</b>}
            <span>{text.outcomes[kind].detail}</span>
          </li>
        ))}
    </ul>
  );
}
