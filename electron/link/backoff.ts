/** How long to wait before the next attempt: for ever, ever longer up to a cap, and never all stations at once. */

const FIRST_MS = 250;
/** A person who plugs the network back in should not wait longer than this. */
const MOST_MS = 8_000;

/**
 * Wait before attempt `attempt` (0 for the first after a loss), with full jitter: anywhere from a tenth to the whole.
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, random: number): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(most * (0.1 + 0.9 * random));
}
