/** What is to be said of a ballot that has just come: from the count without it and the count with it. */
import type { Entitled } from "../roll.ts";
import type { Verdict } from "../verdict.ts";
import type { ReferenceLog } from "./reference-logs.testing.ts";
import { castTimes, countPoll, nameOf, voterOf, type Count } from "./reference-tally.testing.ts";
import type { ReferencePoll } from "./reference.testing.ts";

export interface Known {
  logs: readonly ReferenceLog[];
  polls: Iterable<ReferencePoll>;
  roll: ReadonlyMap<string, Entitled> | null;
}

export function verdictOf({ logs, polls, roll }: Known, log: string, number: number): Verdict | "not-taken" {
  const upTo = (last: number) =>
    logs.map((one) => (one.id === log ? { ...one, records: one.records.slice(0, last) } : one));
  const cast = upTo(number)
    .flatMap(castTimes)
    .find((one) => one.log === log && one.number === number);
  if (cast === undefined) throw new Error(`there is no ballot ${log}/${number}`);
  const poll = [...polls].find(({ facts, state }) => state !== "draft" && facts.hash.startsWith(cast.poll));
  if (poll === undefined) return "unknown-poll";
  if (poll.barrier !== null) return "late";
  const after = countPoll({ ...poll, logs: upTo(number), roll });
  const why = after.whyNot.get(nameOf(cast)) ?? null;
  if (why !== null) return why;
  const own = ({ counting }: Count) => counting.filter(({ tag }) => voterOf(roll, tag) === voterOf(roll, cast.tag));
  const before = own(countPoll({ ...poll, logs: upTo(number - 1), roll }));
  const has = own(after).some(({ option }) => option === cast.option);
  if (!has || before.some(({ option }) => option === cast.option)) return "already-counted";
  return own(after).length > before.length ? "counted" : "changed";
}
