/** The projection in memory: for tests of the fold, and the plainest statement of what a projection must do. */
import { sameBytes, toHex } from "../bytes.ts";
import { chooseBallots, compareBallots } from "./ballot-order.ts";
import { DEFAULT_LF_BITS, type LfBits } from "./event-settings.ts";
import type { BallotRow, KeptChunk, LogRow, PollRow, Projection, ProjectionDump, StationRow } from "./projection.ts";
import type { Entitled } from "./roll.ts";
import { judgeBallot, takenUpTo } from "./terms.ts";

export interface MemoryProjection extends Projection {
  dump(): ProjectionDump;
}

export function createMemoryProjection(): MemoryProjection {
  let event: string | undefined;
  let keyDestroyed: number | null = null;
  let lfBits: LfBits = DEFAULT_LF_BITS;
  const stations = new Map<string, StationRow>();
  const polls = new Map<string, PollRow>();
  const logs = new Map<string, LogRow>();
  const ballots = new Map<string, BallotRow>();
  const chunks = new Map<string, KeptChunk>();
  let inForce: readonly string[] = [];
  let roll = new Map<string, Entitled>();
  const keyOf = (row: BallotRow) => `${row.log}/${row.number.toString().padStart(12, "0")}`;
  const sorted = <Row>(rows: Iterable<[string, Row]>) =>
    [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return {
    event: () => event,
    putEvent: (id) => void (event = id),
    keyDestroyed: () => keyDestroyed,
    putKeyDestroyed: (cursor) => void (keyDestroyed = cursor),
    lfBits: () => lfBits,
    putLfBits: (bits) => void (lfBits = bits),
    hasBallots: () => ballots.size > 0,
    station: (id) => stations.get(id),
    stations: () => stations.values(),
    putStation: (row) => void stations.set(row.station, row),
    poll: (id) => polls.get(id),
    polls: () => polls.values(),
    pollByHash: (hash) => [...polls.values()].find((row) => row.state !== "draft" && row.hash.startsWith(hash)),
    putPoll: (row) => void polls.set(row.id, row),
    log: (id) => logs.get(id),
    logsOf: (station) => [...logs.values()].filter((row) => row.station === station),
    putLog: (row) => void logs.set(row.log, row),
    rollChunk: (hash) => chunks.get(hash),
    putRollChunk: (hash, chunk) => void chunks.set(hash, chunk),
    roll: () => inForce,
    putRoll(hashes, tags) {
      inForce = hashes;
      roll = new Map([...tags].map((tag) => [toHex(tag.tagKey), tag]));
    },
    entitled: (tagKey) => roll.get(toHex(tagKey)),
    counting(poll, voter, rule) {
      const own = [...ballots.values()].filter(
        (row) => row.eligible && row.poll === poll && sameBytes(row.voter, voter),
      );
      return chooseBallots(rule, own);
    },
    addBallot: (row) => void ballots.set(keyOf(row), row),
    removeBallot: (row) => void ballots.delete(keyOf(row)),
    ballotsOfPoll: (poll, fromMs) => [...ballots.values()].filter((row) => row.poll === poll && row.atMs >= fromMs),
    judgeAll(poll, terms) {
      let latestMs: number | null = null;
      for (const [key, row] of ballots) {
        const log = logs.get(row.log);
        if (row.poll !== poll || log === undefined) continue;
        const [to] = judgeBallot(terms, roll.get(toHex(row.tagKey)), takenUpTo(log), row);
        const same = to.eligible === row.eligible && to.weight === row.weight && sameBytes(to.voter, row.voter);
        if (same) continue;
        ballots.set(key, to);
        latestMs = Math.max(latestMs ?? 0, row.atMs);
      }
      return latestMs;
    },
    countAll(poll, rule) {
      const own = [...ballots.values()].filter((row) => row.eligible && row.poll === poll);
      const counting = [...Map.groupBy(own, ({ voter }) => toHex(voter)).values()].flatMap((of) =>
        chooseBallots(rule, of),
      );
      const weights = new Map<number, number>();
      for (const { option, weight } of counting) weights.set(option, (weights.get(option) ?? 0) + weight);
      return { weights, unsynced: counting.filter(({ synced }) => !synced).length };
    },
    ballotsOfLog: (log, above) => [...ballots.values()].filter((row) => row.log === log && row.number > above),
    unsyncedBallotsOf: (log) =>
      [...ballots.values()].filter((row) => row.log === log && !row.synced).toSorted(compareBallots),
    dump: () => ({
      polls: sorted(polls),
      logs: sorted(logs),
      stations: sorted(stations),
      ballots: sorted(ballots),
      roll: sorted(roll),
      keyDestroyed,
      lfBits,
    }),
  };
}
