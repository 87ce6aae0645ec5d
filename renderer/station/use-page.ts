import { useEffect, useState } from "react";
import { HOLD_MS, letGo, pageOf, turnIfFree } from "./hold-page.ts";
import type { HeldPage } from "./hold-page.ts";
import type { ShownOutcome } from "./outcomes.ts";

interface Turned {
  readonly page: number;
  readonly poll: string;
  /** The outcome that was newest when a person turned the page. */
  readonly outcome: string | undefined;
}

/**
 * Which page of answers to show: the one a person turned to, but for as long as the newest outcome is shown, the one
 * it is on, so that its voter sees what became of the tap; then back to where the reading was. A page just turned to
 * by itself stays for a moment whatever comes; a person may turn at any time.
 */
export function usePage(
  poll: string,
  shown: readonly ShownOutcome[],
  paging: { pages: number; perPage: number },
  all: number,
): [number, (page: number) => void] {
  const [turned, setTurned] = useState<Turned>({ page: 0, poll, outcome: undefined });
  const newest = shown.findLast(({ option }) => option !== null && option <= all);
  const ofOutcome = newest === undefined || newest.id === turned.outcome ? null : pageOf(newest.option, paging.perPage);
  const ofPerson = turned.poll === poll ? turned.page : 0;
  const wanted = Math.min(ofOutcome ?? ofPerson, paging.pages - 1);
  const [page, hold] = useHeldPage(poll, wanted);
  const turn = (to: number): void => {
    setTurned({ page: to, poll, outcome: newest?.id });
    hold(to);
  };
  return [Math.min(page, paging.pages - 1), turn];
}

function useHeldPage(poll: string, wanted: number): [number, (page: number) => void] {
  const [before, setPage] = useState<HeldPage>({ poll, page: wanted, held: false });
  const now = turnIfFree(before, poll, wanted);
  // While drawing, not after: else each tap for another page would first flash its notice.
  if (now !== before) setPage(now);
  useEffect(() => {
    if (!now.held) return;
    const timer = setTimeout(() => setPage((newest) => letGo(newest, now)), HOLD_MS);
    return () => clearTimeout(timer);
  }, [now]);
  return [now.page, (page) => setPage({ poll, page, held: true })];
}
