/** Is the disk taking ballots? Told by every attempt to store; and while it fails, looked at again by itself. */
import type { ScreenDisk } from "../../shared/events/stream.ts";
import { sameSentence, type Sentence } from "../../shared/sentences/sentence.ts";

/** Often enough that nobody waits long after the remedy, rare enough for a disk in trouble. */
const PROBE_MS = 3_000;

export interface DiskWatchSurroundings {
  probe: () => Promise<{ ok: true } | { ok: false; reason: Sentence }>;
  setTimer: (run: () => void, delayMs: number) => () => void;
  onDisk: (disk: ScreenDisk) => void;
}

export interface DiskWatch {
  failing(): boolean;
  now(): ScreenDisk;
  /** An attempt to store went like this. */
  heard(disk: ScreenDisk): void;
  stop(): void;
}

export function createDiskWatch({ probe, setTimer, onDisk }: DiskWatchSurroundings): DiskWatch {
  let now: ScreenDisk = { state: "good", reason: null };
  let cancelProbe = () => {};
  let stopped = false;
  const lookAgain = async () => {
    const probed = await probe();
    heard(probed.ok ? { state: "good", reason: null } : { state: "failing", reason: probed.reason });
  };
  const heard = (disk: ScreenDisk) => {
    if (stopped) return;
    const before = now;
    now = disk;
    cancelProbe();
    if (disk.state === "failing") cancelProbe = setTimer(() => void lookAgain(), PROBE_MS);
    if (disk.state !== before.state || !sameSentence(disk.reason, before.reason)) onDisk(disk);
  };
  const stop = () => {
    stopped = true;
    cancelProbe();
  };
  return { failing: () => now.state === "failing", now: () => now, heard, stop };
}
