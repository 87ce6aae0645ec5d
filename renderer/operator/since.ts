/** How long ago, in words; and how long still, as minutes and seconds. */

/** A tap this young still lights its reader up, in milliseconds: long enough to look up from the hand. */
export const LIT_MS = 2_000;

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

export function sayAgo(language: string, ms: number): string {
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  // Clocks are read a moment apart: nothing was seen in the future.
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 2) return words.format(0, "second");
  if (seconds < MINUTE_S) return words.format(-seconds, "second");
  if (seconds < HOUR_S) return words.format(-Math.floor(seconds / MINUTE_S), "minute");
  if (seconds < DAY_S) return words.format(-Math.floor(seconds / HOUR_S), "hour");
  return words.format(-Math.floor(seconds / DAY_S), "day");
}

/** `75 s` is "1:15". Rounded up, so that it says 0:00 only when it is over. */
export function sayLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return `${Math.floor(seconds / MINUTE_S)}:${String(seconds % MINUTE_S).padStart(2, "0")}`;
}
