/**
 * The time in records: milliseconds since the log's opening, which go on while the computer sleeps and know nothing of its
 * calendar. A ballot stored after an hour's sleep without a link would else be an hour too early.
 */
import { MAX_LOG_MS } from "../../shared/domain/record.ts";
import type { Clock } from "../clock.ts";

/** Above the coarsest uptime there is (whole seconds), below any sleep that matters. */
const SLEEP_MS = 2_500;
/** A calendar that is set by less is being corrected, not set. */
const WALL_JUMP_MS = 1_000;
/**
 * To ask for the uptime takes some 20 µs on Linux, a third of a tap's whole way to the disk. Within this time it is not
 * asked again: it would not be noticed, since it is asked at once where the calendar tells of another time.
 */
const SAME_LOOK_MS = 50;
/** Often enough that the server's clock is measured anew before anybody has walked up to vote. */
const LOOK_EVERY_MS = 1_000;

export interface LogClock {
  /** The calendar at the opening. */
  openedAtMs: number;
  /** Milliseconds since the opening, whole, never decreasing. */
  nowMs(): number;
  /**
   * Be told when the computer slept, or its calendar was set: what was measured before is worth nothing. Returns the way to
   * stop.
   */
  watch(onDisturbed: () => void): () => void;
}

export function createLogClock(clock: Pick<Clock, "monotonicMs" | "uptimeMs" | "wallMs" | "setTicker">): LogClock {
  const openedAtMs = clock.wallMs();
  const startedMs = clock.monotonicMs();
  let sleptMs = 0;
  let before = { monotonicMs: startedMs, wallMs: openedAtMs, uptimeMs: clock.uptimeMs() };
  let disturbed = false;

  /** Milliseconds since the opening. Two clocks that drift apart for hours are no sleep: each look begins anew. */
  const look = (): number => {
    const [monotonicMs, wallMs] = [clock.monotonicMs(), clock.wallMs()];
    const lookedAgoMs = monotonicMs - before.monotonicMs;
    // The monotonic clock alone would not do: it stood still, too.
    const sameByCalendar = Math.abs(wallMs - before.wallMs - lookedAgoMs) <= WALL_JUMP_MS;
    if (lookedAgoMs < SAME_LOOK_MS && sameByCalendar) return monotonicMs - startedMs + sleptMs;
    const now = { monotonicMs, wallMs, uptimeMs: clock.uptimeMs() };
    const goneMs = now.uptimeMs - before.uptimeMs - (now.monotonicMs - before.monotonicMs);
    before = now;
    if (goneMs > SLEEP_MS) {
      sleptMs += goneMs;
      disturbed = true;
    }
    return now.monotonicMs - startedMs + sleptMs;
  };
  let wallOffsetMs = openedAtMs;
  /** Was there anything since it was asked last? */
  const wasDisturbed = (): boolean => {
    const offsetMs = clock.wallMs() - look();
    const was = disturbed || Math.abs(offsetMs - wallOffsetMs) > WALL_JUMP_MS;
    wallOffsetMs = offsetMs;
    disturbed = false;
    return was;
  };

  return {
    openedAtMs,
    nowMs: () => Math.min(MAX_LOG_MS, Math.max(0, Math.round(look()))),
    watch: (onDisturbed) =>
      clock.setTicker(() => {
        if (wasDisturbed()) onDisturbed();
      }, LOOK_EVERY_MS),
  };
}
