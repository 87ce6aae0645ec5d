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

/**
 * A revoked station only asks whether the server still means it: a server that was put back to before knows nothing of
 * it. Nobody waits for the answer, and a server may have many such stations.
 */
const REVOKED_RETRY_MS = 60_000;

/** Wait before a revoked station's next attempt, with jitter: from half of it to the whole. */
export function revokedRetryMs(random: number): number {
  return Math.round(REVOKED_RETRY_MS * (0.5 + 0.5 * random));
}
