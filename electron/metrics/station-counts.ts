/** What the station counts as it goes: plain numbers, which are only read when somebody scrapes. */
import { OUTCOME_KINDS, type OutcomeKind } from "../../shared/events/stream.ts";
import { COMMIT_BOUNDS_S, createSpread, type Spread } from "../../shared/metrics/spread.ts";

export interface StationCounts {
  /** Outcomes shown, by kind: one tap may be shown twice, stored and then counted. */
  outcomes: Record<OutcomeKind, number>;
  appendSeconds: Spread;
  linkUps: number;
  linkDowns: number;
}

export function createStationCounts(): StationCounts {
  return { outcomes: noOutcomes(), appendSeconds: createSpread(COMMIT_BOUNDS_S), linkUps: 0, linkDowns: 0 };
}

function noOutcomes(): Record<OutcomeKind, number> {
  const none: Partial<Record<OutcomeKind, number>> = {};
  for (const kind of OUTCOME_KINDS) none[kind] = 0;
  if (!isWhole(none)) throw new Error("a kind of outcome is missing");
  return none;
}

function isWhole(counts: Partial<Record<OutcomeKind, number>>): counts is Record<OutcomeKind, number> {
  return OUTCOME_KINDS.every((kind) => counts[kind] === 0);
}
