/** The projection in memory: for tests of the fold, and the plainest statement of what a projection must do. */
import { toHex } from "../bytes.ts";
import { chooseBallots, compareBallots } from "./ballot-order.ts";
import type { BallotRow, LogRow, PollRow, Projection, StationRow } from "./projection.ts";

export interface MemoryProjection extends Projection {
  /** Everything in it, in an order that does not depend on how it came about. */
  dump(): { polls: PollRow[]; logs: LogRow[]; stations: StationRow[]; ballots: BallotRow[] };
}

export function createMemoryProjection(): MemoryProjection {
  let event: string | undefined;
  const stations = new Map<string, StationRow>();
  const polls = new Map<string, PollRow>();
  const logs = new Map<string, LogRow>();
  const ballots = new Map<string, BallotRow>();
  const keyOf = (row: BallotRow) => `${row.log}/${row.number.toString().padStart(12, "0")}`;
  const sorted = <Row>(rows: Iterable<[string, Row]>) =>
    [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return {
    event: () => event,
    putEvent: (id) => void (event = id),
    station: (id) => stations.get(id),
    putStation: (row) => void stations.set(row.station, row),
    poll: (id) => polls.get(id),
    pollByHash: (hash) => [...polls.values()].find((row) => row.state !== "draft" && row.hash.startsWith(hash)),
    putPoll: (row) => void polls.set(row.id, row),
    log: (id) => logs.get(id),
    putLog: (row) => void logs.set(row.log, row),
    counting(poll, tagKey, rule) {
      const voter = toHex(tagKey);
      const own = [...ballots.values()].filter(
        (row) => row.eligible && row.poll === poll && toHex(row.tagKey) === voter,
      );
      return chooseBallots(rule, own);
    },
    addBallot: (row) => void ballots.set(keyOf(row), row),
    removeBallot: (row) => void ballots.delete(keyOf(row)),
    ballotsOfPoll: (poll, fromMs) =>
      [...ballots.values()].filter((row) => row.poll === poll && row.atMs >= fromMs).toSorted(compareBallots),
    unsyncedBallotsOf: (log) =>
      [...ballots.values()].filter((row) => row.log === log && !row.synced).toSorted(compareBallots),
    dump: () => ({ polls: sorted(polls), logs: sorted(logs), stations: sorted(stations), ballots: sorted(ballots) }),
  };
}
