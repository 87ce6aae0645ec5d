/**
 * On what terms a poll takes ballots, as data: the fold asks them of each ballot that comes, and a projection of all it
 * has, after an act changed them.
 */
import type { Window } from "./entry.ts";
import type { BallotRow, LogRow, PollRow } from "./projection.ts";
import { voterKey, type Entitled } from "./roll.ts";
import type { Verdict } from "./verdict.ts";

export interface Terms {
  /** How many there are to choose from. */
  options: number;
  windows: readonly Window[];
  /** There is a roll: who is not on it takes no part. */
  rollOnly: boolean;
  /** Of the roll, which may vote; none: all. */
  groups: readonly number[];
}

export function termsOf({ options, windows, groups }: PollRow, rollOnly: boolean): Terms {
  return { options, windows, rollOnly, groups };
}

/** The last number up to which a log's ballots may count. */
export function takenUpTo({ standing, accepted }: Pick<LogRow, "standing" | "accepted">): number {
  return standing === "rejected" ? 0 : (accepted ?? Number.MAX_SAFE_INTEGER);
}

/** A ballot on these terms, and why it takes no part; null when it does, if its log is taken that far. */
export function judgeBallot(
  terms: Terms,
  entitled: Entitled | undefined,
  upTo: number,
  ballot: BallotRow,
): [BallotRow, Verdict | null] {
  const reason = whyNot(terms, entitled, ballot);
  const voter = voterKey(ballot.tagKey, entitled);
  const eligible = reason === null && ballot.number <= upTo;
  return [{ ...ballot, voter, weight: entitled?.weight ?? 1, eligible }, reason];
}

function whyNot(terms: Terms, entitled: Entitled | undefined, { option, atMs }: BallotRow): Verdict | null {
  if (option > terms.options) return "unknown-option";
  if (!terms.windows.some(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || atMs < toMs))) return "closed";
  if (entitled === undefined && terms.rollOnly) return "unknown-tag";
  const may = terms.groups.length === 0 || (entitled !== undefined && terms.groups.includes(entitled.group));
  return may ? null : "not-entitled";
}
