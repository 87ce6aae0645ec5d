/** A look at the machine now and then: has its disk room, and was its clock put back? */
import { degraded, type Finding } from "./parts.ts";

/** A disk fills within hours; a person reacts within minutes. */
export const LOOK_EVERY_MS = 60_000;
/** A busy event of 100,000 votes writes some 30 MB; below this somebody should free room in time. */
export const LOW_BYTES = 200_000_000;
/** Room has to come back by more than what a rotating file makes and takes. */
const ROOMY_BYTES = 250_000_000;
/** Two clocks drift apart by less than this; more was set by hand, or by a network that set it right. */
export const CLOCK_BACK_MS = 5_000;

export interface MachineSurroundings {
  /** Free to this user where the data lies. Rejects where nobody knows. */
  freeBytes: () => Promise<number>;
  /** How far the computer's clock is behind the time that the program goes by; 0 when it is not. */
  clockBehindMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  note: (change: MachineChange) => void;
}

export type MachineChange =
  { kind: "disk.low" | "disk.roomy"; freeBytes: number } | { kind: "clock.behind"; byMs: number };

export interface Machine {
  /** Of the last look; null while nobody knows. */
  freeBytes(): number | null;
  disk(): Finding;
  clock(): Finding;
  stop(): void;
}

/** Looks at once, and then every `LOOK_EVERY_MS`. */
export function watchMachine({ freeBytes, clockBehindMs, setTimer, note }: MachineSurroundings): Machine {
  let free: number | null = null;
  let low = false;
  let behind = false;
  let stopped = false;
  let cancel = () => {};
  const seeDisk = (bytes: number) => {
    free = bytes;
    if (low ? bytes > ROOMY_BYTES : bytes < LOW_BYTES) {
      low = !low;
      note({ kind: low ? "disk.low" : "disk.roomy", freeBytes: bytes });
    }
  };
  const seeClock = () => {
    const byMs = Math.round(clockBehindMs());
    if (byMs > CLOCK_BACK_MS && !behind) note({ kind: "clock.behind", byMs });
    behind = byMs > CLOCK_BACK_MS;
  };
  const look = async () => {
    seeClock();
    try {
      const bytes = await freeBytes();
      if (!stopped) seeDisk(bytes);
    } catch {
      // A file system that does not say; what it does with votes, the ledger or the log tells.
      free = null;
    }
    if (!stopped) cancel = setTimer(() => void look(), LOOK_EVERY_MS);
  };
  void look();
  return {
    freeBytes: () => free,
    disk: () =>
      low ? degraded(`Only ${megabytes(free)} MB are free where the data lies. Free some, or move the data.`) : null,
    clock() {
      seeClock();
      return behind
        ? degraded("This computer's clock was put back; our own time goes on instead. Let the network set it (NTP).")
        : null;
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}

function megabytes(bytes: number | null): number {
  return Math.round((bytes ?? 0) / 1_000_000);
}
