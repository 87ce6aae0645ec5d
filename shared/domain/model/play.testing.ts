/** Many rounds, each with a seed of its own; a failure names the seed and the fewest steps that show it. */
import { createMemoryProjection } from "../memory-projection.ts";
import type { Sha256 } from "../record.ts";
import type { CreateProjection } from "./ledger.testing.ts";
import { playRound } from "./round.testing.ts";

/**
 * Plays rounds with the seeds 1, 2, 3 …, the same each time, or one with the seed given; the number played. Throws at the
 * first that fails, with how to play it again: `MODEL_SEED=17 npx vitest run model`.
 */
export function playRounds(
  sha256: Sha256,
  rounds: number,
  oneSeed: string | undefined,
  createProjection: CreateProjection = createMemoryProjection,
): number {
  const seeds = oneSeed === undefined ? Array.from({ length: rounds }, (_, at) => at + 1) : [Number(oneSeed)];
  for (const seed of seeds)
    tryRound((most) => failure(() => playRound(sha256, seed, { most, createProjection })), seed);
  return seeds.length;
}

const MOST_STEPS = 200;

function tryRound(play: (most: number) => Error | null, seed: number): void {
  const cause = play(MOST_STEPS);
  if (cause === null) return;
  for (let steps = 0; steps <= MOST_STEPS; steps++) {
    const fewest = play(steps);
    if (fewest !== null)
      throw new Error(`MODEL_SEED=${seed}, after ${steps} steps: ${fewest.message}`, { cause: fewest });
  }
}

function failure(play: () => unknown): Error | null {
  try {
    play();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
