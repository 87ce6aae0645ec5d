/** The ledger's standing as of the last commit, indexed for what links ask of it with every frame: nobody waits. */
import type { LfBits } from "../../shared/domain/event-settings.ts";
import { shortHash } from "../../shared/domain/poll.ts";
import type { LogRow, PollRow, Standing as LogStanding, StationRow } from "../../shared/domain/projection.ts";
import type { Committed, Standing } from "../ledger/ledger.ts";

export interface Known {
  /** In order of definition. */
  polls(): Iterable<PollRow>;
  poll(id: string): PollRow | undefined;
  /** By the first 8 bytes of its definition's hash, hexadecimal. */
  pollByHash(short: string): PollRow | undefined;
  station(station: string): StationRow | undefined;
  standingOf(log: string): LogStanding;
  /** A station's logs that are not, or no longer, simply `taken`. */
  branchesOf(station: string): Iterable<LogRow>;
  /** Hashes of the roll's chunks. */
  roll(): readonly string[];
  keyDestroyed(): boolean;
  lfBits(): LfBits;
  /** To be called before whoever looks here is told of the commit. */
  onCommit(committed: Committed): void;
}

export function createKnown(standing: Standing): Known {
  const polls = new Map<string, PollRow>();
  const idByHash = new Map<string, string>();
  const stations = new Map(standing.stations);
  const branches = new Map<string, LogRow>();
  const byStation = new Map<string, Map<string, LogRow>>();
  let { roll, keyDestroyed, lfBits } = standing;

  const putPoll = (row: PollRow) => {
    const before = polls.get(row.id);
    // A draft written anew has another hash; the old one names nothing any more.
    if (before !== undefined && before.hash !== row.hash) idByHash.delete(shortHash(before.hash));
    polls.set(row.id, row);
    idByHash.set(shortHash(row.hash), row.id);
  };
  const putBranch = (row: LogRow) => {
    branches.set(row.log, row);
    const own = byStation.get(row.station) ?? new Map<string, LogRow>();
    byStation.set(row.station, own.set(row.log, row));
  };
  for (const row of standing.polls.values()) putPoll(row);
  for (const row of standing.branches.values()) putBranch(row);

  return {
    polls: () => polls.values(),
    poll: (id) => polls.get(id),
    pollByHash(short) {
      const id = idByHash.get(short);
      return id === undefined ? undefined : polls.get(id);
    },
    station: (station) => stations.get(station),
    standingOf: (log) => branches.get(log)?.standing ?? "taken",
    branchesOf: (station) => byStation.get(station)?.values() ?? [],
    roll: () => roll,
    keyDestroyed: () => keyDestroyed !== null,
    lfBits: () => lfBits,
    onCommit(committed) {
      for (const row of committed.polls) putPoll(row);
      for (const row of committed.stations) stations.set(row.station, row);
      for (const row of committed.branches) putBranch(row);
      roll = committed.roll ?? roll;
      keyDestroyed = committed.keyDestroyed ?? keyDestroyed;
      ({ lfBits } = committed);
    },
  };
}
