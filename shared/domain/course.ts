/** A poll's course as acts and the link have it: `[state, moves, [[fromMs, toMs] …], closedAtMs, totals]`. */
import * as v from "valibot";
import { WallMs, whole } from "../schemas.ts";
import type { PollCourse } from "./entry.ts";
import { MAX_OPTIONS, MIN_OPTIONS, type PollState } from "./poll.ts";

/** Times a poll may be opened again. */
export const MAX_WINDOWS = 1_000;

const STATES: readonly PollCourse["state"][] = ["open", "paused", "closed", "certified"];

/** States are numbered from 1, as far as votes are concerned: a draft has no course. */
export const StateCode = whole(1, STATES.length);

export function stateCode(state: PollCourse["state"]): number {
  return STATES.indexOf(state) + 1;
}

/** The state behind a code that was checked to be one. */
export function stateOf(code: number): PollCourse["state"] {
  return STATES[code - 1] ?? "closed";
}

/** How far a poll has come. */
export interface Progress {
  state: PollState;
  moves: number;
}

const STAGE: Record<PollState, number> = { draft: 0, open: 1, paused: 1, closed: 2, certified: 3 };

/**
 * Has a poll come further by one account than by another? A certificate goes before a close, a close before all else,
 * however many moves a server made that had been put back to a backup; then the longer course is the later one.
 */
export function isFurther(told: Progress, known: Progress): boolean {
  return (
    STAGE[told.state] - STAGE[known.state] > 0 || (STAGE[told.state] === STAGE[known.state] && told.moves > known.moves)
  );
}

export const Totals = v.pipe(v.array(whole(0)), v.minLength(MIN_OPTIONS), v.maxLength(MAX_OPTIONS));

export const PackedCourse = v.strictTuple([
  StateCode,
  whole(1),
  v.pipe(v.array(v.strictTuple([WallMs, v.nullable(WallMs)])), v.maxLength(MAX_WINDOWS)),
  v.nullable(WallMs),
  v.nullable(Totals),
]);
export type PackedCourse = v.InferOutput<typeof PackedCourse>;

export function packCourse({ state, moves, windows, closedAtMs, totals }: PollCourse): PackedCourse {
  return [stateCode(state), moves, windows.map(({ fromMs, toMs }) => [fromMs, toMs]), closedAtMs, totals];
}

export function readCourse([state, moves, windows, closedAtMs, totals]: PackedCourse): PollCourse {
  return {
    state: stateOf(state),
    moves,
    windows: windows.map(([fromMs, toMs]) => ({ fromMs, toMs })),
    closedAtMs,
    totals,
  };
}
