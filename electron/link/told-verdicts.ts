/** What an ack says of the ballots it acknowledges. */
import { verdictOf, type Verdict } from "../../shared/domain/verdict.ts";
import type { FrameOf } from "../../shared/link/frames.ts";

/** Verdicts of the records after one number up to another, by number: silence is `counted`. */
export function toldVerdicts(after: number, upTo: number, exceptions: FrameOf<"ack">[4]): [number, Verdict][] {
  const told = new Map(exceptions.map(([number, code]) => [number, verdictOf(code)]));
  return Array.from({ length: Math.max(0, upTo - after) }, (_, at) => after + 1 + at).flatMap(
    (number): [number, Verdict][] => {
      // An exception whose code we do not know is no success.
      const verdict = told.has(number) ? told.get(number) : "counted";
      return verdict === undefined ? [] : [[number, verdict]];
    },
  );
}
