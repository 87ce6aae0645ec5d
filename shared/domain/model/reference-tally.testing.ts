/** The reference's count of one poll, from nothing but the records and the acts. Nothing of the fold is used. */
import { toHex } from "../../bytes.ts";
import type { PollFacts, Window } from "../entry.ts";
import type { LogRecord } from "../record.ts";
import type { Entitled } from "../roll.ts";
import type { Verdict } from "../verdict.ts";
import type { ReferenceLog } from "./reference-logs.testing.ts";

/** A ballot as it was cast. */
export interface Cast {
  log: string;
  number: number;
  poll: string;
  option: number;
  tag: string;
  atMs: number;
  synced: boolean;
}

export interface Count {
  tally: number[];
  unsynced: number;
  counting: Cast[];
  /** Of each ballot of the poll: why it takes no part, or null. By `log/number`. */
  whyNot: Map<string, Verdict | "not-taken" | null>;
}

export const nameOf = ({ log, number }: { log: string; number: number }) => `${log}/${number}`;

/** All ballots of a log with the server's time they were cast at. */
export function castTimes(log: ReferenceLog): Cast[] {
  const records = log.records.map(({ record }) => record);
  const cast: Cast[] = [];
  let latestMs = 0;
  for (const [at, record] of records.entries()) {
    const clock = lastClock(records.slice(0, at)) ?? firstClock(records.slice(at));
    const serverMs = record.kind === "clock" ? record.serverMs : clock && clock.serverMs + record.ms - clock.ms;
    latestMs = Math.max(latestMs, serverMs ?? log.openedAtMs + record.ms);
    if (record.kind !== "ballot") continue;
    const { option } = record;
    const names = { log: log.id, number: at + 1, poll: toHex(record.poll), tag: toHex(record.tagKey) };
    cast.push({ ...names, option, atMs: latestMs, synced: clock !== undefined });
  }
  return cast;
}

const isClock = (record: LogRecord) => record.kind === "clock";
const firstClock = (records: readonly LogRecord[]) => records.find(isClock);
const lastClock = (records: readonly LogRecord[]) => records.findLast(isClock);

export interface Countable {
  facts: PollFacts;
  windows: readonly Window[];
  logs: readonly ReferenceLog[];
  /** Null: there is none. */
  roll: ReadonlyMap<string, Entitled> | null;
}

export function countPoll({ facts, windows, logs, roll }: Countable): Count {
  const all = logs.flatMap(castTimes).filter(({ poll }) => facts.hash.startsWith(poll));
  const whyNot = new Map(all.map((cast) => [nameOf(cast), reasonOf(cast)]));
  const voters = Map.groupBy(
    all.filter((cast) => whyNot.get(nameOf(cast)) === null),
    ({ tag }) => voterOf(roll, tag),
  );
  const counting = [...voters.values()].flatMap((ballots) => choose(facts, ballots));
  const tally = Array.from({ length: facts.options }, () => 0);
  for (const { option, tag } of counting) tally[option - 1] = (tally[option - 1] ?? 0) + (roll?.get(tag)?.weight ?? 1);
  return { tally, unsynced: counting.filter(({ synced }) => !synced).length, counting, whyNot };

  function reasonOf({ log: id, number, option, tag, atMs }: Cast): Verdict | "not-taken" | null {
    const log = logs.find((one) => one.id === id);
    if (option > facts.options) return "unknown-option";
    if (!windows.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < (toMs ?? Infinity))) return "closed";
    if (roll !== null && !roll.has(tag)) return "unknown-tag";
    if (facts.groups.length > 0 && !facts.groups.includes(roll?.get(tag)?.group ?? 0)) return "not-entitled";
    return log === undefined || log.standing === "rejected" || number > log.accepted ? "not-taken" : null;
  }
}

/** Who votes with this tag: the voter on the roll, else whoever carries the tag. */
export function voterOf(roll: ReadonlyMap<string, Entitled> | null, tag: string): string {
  const entitled = roll?.get(tag);
  return entitled === undefined ? tag : entitled.voter.toString(16).padStart(8, "0");
}

/** One voter's ballots that count. */
function choose({ counts, upTo }: PollFacts, ballots: readonly Cast[]): Cast[] {
  const synced = ballots.filter((ballot) => ballot.synced);
  const inTime = (synced.length > 0 ? synced : ballots).toSorted(
    (a, b) => a.atMs - b.atMs || (a.log < b.log ? -1 : a.log > b.log ? 1 : a.number - b.number),
  );
  if (counts === "last") inTime.reverse();
  const chosen: Cast[] = [];
  for (const ballot of inTime)
    if (chosen.length < upTo && chosen.every(({ option }) => option !== ballot.option)) chosen.push(ballot);
  return chosen;
}
