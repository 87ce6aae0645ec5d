/** Files of votes that were damaged or replaced and are kept for the organiser: told for as long as they lie there. */
import type { ScreenDamage } from "../../shared/events/stream.ts";

/** Whoever moved the file away looks at the screen next. */
const LOOK_EVERY_MS = 3_000;

export interface AsideWatchSurroundings {
  /** Their names, oldest first. Throws when the folder cannot be read. */
  list: () => string[];
  setTicker: (run: () => void, everyMs: number) => () => void;
  onDamage: (damage: ScreenDamage) => void;
}

export interface AsideWatch {
  now(): ScreenDamage;
  /** There may be one that was not there before. */
  look(): void;
  /** Look again and again; returns the way to stop. */
  start(): () => void;
}

export function createAsideWatch({ list, setTicker, onDamage }: AsideWatchSurroundings): AsideWatch {
  const seen = (before: ScreenDamage): ScreenDamage => {
    try {
      const files = list();
      const file = files.at(-1);
      return file === undefined ? null : { file, files: files.length };
    } catch {
      // A folder that cannot be read is another trouble, and told as such.
      return before;
    }
  };
  let now = seen(null);
  const look = () => {
    const before = now;
    now = seen(before);
    if (now?.file !== before?.file || now?.files !== before?.files) onDamage(now);
  };
  return { now: () => now, look, start: () => setTicker(look, LOOK_EVERY_MS) };
}
