/** How long a page of answers stays once turned to: with many tapping at once nobody could read one that did not. */

export interface HeldPage {
  readonly poll: string;
  readonly page: number;
  /** It was turned to less than HOLD_MS ago. */
  readonly held: boolean;
}

export const HOLD_MS = 1_500;

/** The page an option stands on; null for no option. */
export function pageOf(option: number | null, perPage: number): number | null {
  return option === null ? null : Math.floor((option - 1) / perPage);
}

/** Turns to the wanted page unless the one before is held. Returns the same object when it does not turn. */
export function turnIfFree(before: HeldPage, poll: string, wanted: number): HeldPage {
  if (before.poll !== poll) return { poll, page: wanted, held: false };
  if (before.held || before.page === wanted) return before;
  return { poll, page: wanted, held: true };
}

/** HOLD_MS after `turned`: free again, unless it was turned once more meanwhile. */
export function letGo(before: HeldPage, turned: HeldPage): HeldPage {
  return before === turned ? { ...before, held: false } : before;
}
