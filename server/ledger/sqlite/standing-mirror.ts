/** The standing on this side of the thread: replaced as a whole with each commit, so that whoever holds one may keep it. */
import { DEFAULT_LF_BITS } from "../../../shared/domain/event-settings.ts";
import type { LogRow, PollRow, StationRow } from "../../../shared/domain/projection.ts";
import type { Committed, Standing } from "../ledger.ts";
import type { StandingRows } from "./sqlite-projection.ts";

export interface StandingMirror {
  take(committed: StandingRows): void;
  /** As of `minCursor` or later; rejects when the ledger is closed before it came to that. */
  at(minCursor: number): Promise<Standing>;
  onCommit(listener: (committed: Committed) => void): () => void;
  /** Nothing will come any more: whoever waits is told. */
  end(): void;
}

export function createStandingMirror(): StandingMirror {
  let standing: Standing = {
    cursor: 0,
    event: undefined,
    polls: new Map(),
    stations: new Map(),
    branches: new Map(),
    roll: [],
    keyDestroyed: null,
    lfBits: DEFAULT_LF_BITS,
  };
  let waiting: { minCursor: number; resolve: (standing: Standing) => void; reject: (error: Error) => void }[] = [];
  let ended = false;
  const listeners = new Set<(committed: Committed) => void>();
  return {
    take({ cursor, event, polls, stations, branches: rows, roll, keyDestroyed, lfBits }) {
      const before = standing;
      standing = {
        cursor,
        event,
        polls: withRows(before.polls, polls, (row: PollRow) => row.id),
        stations: withRows(before.stations, stations, (row: StationRow) => row.station),
        branches: withRows(before.branches, rows, (row: LogRow) => row.log),
        roll: roll ?? before.roll,
        keyDestroyed,
        lfBits,
      };
      const due = waiting.filter(({ minCursor }) => minCursor <= cursor);
      if (due.length > 0) waiting = waiting.filter(({ minCursor }) => minCursor > cursor);
      for (const { resolve } of due) resolve(standing);
      // A branch that only grew is no news to those who ask what it counts as.
      const branches = rows.filter((row) => before.branches.get(row.log)?.standing !== row.standing);
      for (const listener of listeners) listener({ cursor, polls, stations, branches, roll, keyDestroyed, lfBits });
    },
    at(minCursor) {
      if (standing.cursor >= minCursor) return Promise.resolve(standing);
      if (ended) return Promise.reject(closedError());
      return new Promise((resolve, reject) => waiting.push({ minCursor, resolve, reject }));
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    end() {
      ended = true;
      for (const { reject } of waiting) reject(closedError());
      waiting = [];
    },
  };
}

/** The map with some rows replaced or added; the same map when there are none. Rows keep their place. */
function withRows<Row>(
  before: ReadonlyMap<string, Row>,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): ReadonlyMap<string, Row> {
  if (rows.length === 0) return before;
  const after = new Map(before);
  for (const row of rows) after.set(keyOf(row), row);
  return after;
}

function closedError(): Error {
  return new Error("the ledger was closed before it came to that position");
}
