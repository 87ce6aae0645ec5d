/** Which of one voter's ballots counts: an order that depends on the ballots alone, never on how they arrived. */
import type { Rule } from "./poll.ts";
import type { BallotRow } from "./projection.ts";

type Rank = Pick<BallotRow, "synced" | "atMs" | "log" | "number">;

/** Earlier first: by corrected time, ties by log id and number. Only for ballots alike in `synced`. */
export function compareBallots(a: Rank, b: Rank): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs;
  if (a.log !== b.log) return a.log < b.log ? -1 : 1;
  return a.number - b.number;
}

/**
 * The ballots of one voter that count, in the order in which they do: of each option the one that counts before the
 * others, and of the options the first `upTo`. A ballot whose time was never compared with the server's counts only
 * where the voter has no other, under every rule.
 */
export function chooseBallots<Ballot extends Rank & Pick<BallotRow, "option">>(
  rule: Rule,
  ballots: readonly Ballot[],
): Ballot[] {
  // Most voters have one.
  if (ballots.length < 2) return [...ballots];
  const pool = ballots.some(({ synced }) => synced) ? ballots.filter(({ synced }) => synced) : ballots;
  const ordered = pool.toSorted(compareBallots);
  if (rule.counts === "last") ordered.reverse();
  const options = new Set<number>();
  return ordered.filter(({ option }) => {
    if (options.has(option) || options.size >= rule.upTo) return false;
    options.add(option);
    return true;
  });
}
