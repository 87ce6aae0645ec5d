/**
 * Of voters who may choose several options, which of their ballots count: kept between one ballot and the next, as finding
 * it out reads every ballot they ever cast in the poll. One more ballot can only push others out, so what counted and it are
 * all there is to choose from; only where one is taken away must they be read again.
 */
import { chooseBallots } from "../../../shared/domain/ballot-order.ts";
import type { Rule } from "../../../shared/domain/poll.ts";
import type { BallotRow } from "../../../shared/domain/projection.ts";

export interface ChosenBallots {
  /** The ballots that count; @param read all that are eligible of this voter, asked for when they are not known */
  of(poll: string, voter: Uint8Array, rule: Rule, read: () => BallotRow[]): BallotRow[];
  /** A ballot is added. */
  add(row: BallotRow): void;
  /** A ballot is taken away. */
  remove(row: BallotRow): void;
  /** Other ballots than were told of may have changed. */
  forget(): void;
}

/** Voters of a large hall; with a few ballots each, a few megabytes. */
const MAX_VOTERS = 5_000;

export function createChosenBallots(): ChosenBallots {
  const known = new Map<string, { rule: Rule; ballots: BallotRow[] }>();
  return {
    of(poll, voter, rule, read) {
      const key = keyOf(poll, voter);
      const found = known.get(key);
      if (found !== undefined) return found.ballots;
      const ballots = chooseBallots(rule, read());
      if (known.size >= MAX_VOTERS) known.clear();
      // A poll is named by the hash of its definition, so that its rule never changes.
      known.set(key, { rule, ballots });
      return ballots;
    },
    add(row) {
      if (!row.eligible || known.size === 0) return;
      const found = known.get(keyOf(row.poll, row.voter));
      if (found !== undefined) found.ballots = chooseBallots(found.rule, [...found.ballots, row]);
    },
    remove(row) {
      if (known.size > 0) known.delete(keyOf(row.poll, row.voter));
    },
    forget: () => known.clear(),
  };
}

function keyOf(poll: string, voter: Uint8Array): string {
  return poll + Buffer.from(voter.buffer, voter.byteOffset, voter.byteLength).toString("latin1");
}
