import { useState } from "react";
import type { ShownOutcome } from "./outcomes.ts";

interface Turned {
  readonly page: number;
  readonly poll: string;
  /** The outcome that was newest when a person turned the page. */
  readonly outcome: string | undefined;
}

/**
 * Which page of answers to show: the one a person turned to, but for as long as the newest outcome is shown, the one
 * it is on, so that its voter sees what became of the tap; then back to where the reading was.
 */
export function usePage(
  poll: string,
  shown: readonly ShownOutcome[],
  paging: { pages: number; perPage: number },
): [number, (page: number) => void] {
  const [turned, setTurned] = useState<Turned>({ page: 0, poll, outcome: undefined });
  const newest = shown.findLast((outcome) => outcome.option !== null);
  const turn = (page: number): void => setTurned({ page, poll, outcome: newest?.id });
  const ofOutcome =
    newest === undefined || newest.option === null || newest.id === turned.outcome
      ? null
      : Math.floor((newest.option - 1) / paging.perPage);
  const ofPerson = turned.poll === poll ? turned.page : 0;
  return [Math.min(ofOutcome ?? ofPerson, paging.pages - 1), turn];
}
