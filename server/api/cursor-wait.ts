/** Reads that ask for a cursor: they wait a moment for the ledger, never for ever, and not without number. */
import type { Ledger, Standing } from "../ledger/ledger.ts";
import { CURSOR_WAIT_MS, MAX_CURSOR_WAITERS } from "./limits.ts";
import { ProblemError } from "./problem.ts";

export interface CursorWait {
  /** The standing as of `minCursor` or later. Throws the problem when it does not come. */
  standing(minCursor: number | undefined): Promise<Standing>;
}

export function createCursorWait(ledger: Ledger, waitMs = CURSOR_WAIT_MS): CursorWait {
  let waiting = 0;
  return {
    async standing(minCursor = 0) {
      const now = await ledger.standing();
      if (now.cursor >= minCursor) return now;
      if (waiting >= MAX_CURSOR_WAITERS) {
        throw new ProblemError("busy", "Too many reads wait for a cursor. Try again.", { retryAfterS: 1 });
      }
      waiting += 1;
      try {
        await reached(ledger, minCursor, waitMs);
      } finally {
        waiting -= 1;
      }
      const later = await ledger.standing();
      if (later.cursor >= minCursor) return later;
      const detail = `The server is at cursor ${later.cursor}, before ${minCursor}. Try again, or ask without minCursor.`;
      throw new ProblemError("cursor-not-reached", detail, { retryAfterS: 1 });
    },
  };
}

/** Resolves when a commit reaches the cursor, or when the time is over. `Ledger.standing(min)` would wait for ever. */
function reached(ledger: Ledger, cursor: number, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    const stop = ledger.onCommit((committed) => {
      if (committed.cursor >= cursor) done();
    });
  });
}
