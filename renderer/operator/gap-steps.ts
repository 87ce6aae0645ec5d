/** The gap between two taps in steps that a finger can choose; each about half as long again as the one before. */
import { GAP_LIMITS_MS } from "../../shared/domain/mapping.ts";

const [SHORTEST_MS, LONGEST_MS] = GAP_LIMITS_MS;
const STEPS_MS = [SHORTEST_MS, 100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500, LONGEST_MS] as const;

/** The next step from any value, also one between the steps; null at the end. */
export function nextGap(gapMs: number, way: "shorter" | "longer"): number | null {
  const next = way === "longer" ? STEPS_MS.find((ms) => ms > gapMs) : STEPS_MS.findLast((ms) => ms < gapMs);
  return next ?? null;
}
