/**
 * Readers and an organiser who is elsewhere: what they are is told on a link of version 2, and what they are to stand for
 * is taken from there.
 */
import type { Mapping, MappedReader } from "../../shared/domain/mapping.ts";
import { readReaders } from "../../shared/domain/mapping-bytes.ts";
import { FRAME, MAPPED_CODES, encodeFrame, type Frame, type FrameOf } from "../../shared/link/frames.ts";
import { READERS_EVERY_MS } from "../../shared/link/limits.ts";
import { sameBytes } from "../../shared/bytes.ts";
import { readerFrames, type ReaderCondition } from "./reader-frames.ts";

/**
 * Each change is written through to the disk, on the thread that takes the votes. A person who drags readers about does
 * not change ten times a second; of what comes faster only the newest counts, as on the server.
 */
export const CHANGE_EVERY_MS = 100;

export interface ReadersAfarSurroundings {
  mapping: {
    now(): Mapping;
    change(
      base: number,
      readers: readonly MappedReader[],
    ): Promise<{ ok: true } | { ok: false; why: "conflict" | "unknown-reader" | "not-stored" }>;
  };
  conditions: () => readonly ReaderCondition[];
  testing: () => boolean;
  /** Run once after a delay; returns the way to cancel. */
  setTimer: (run: () => void, delayMs: number) => () => void;
}

export interface ReadersAfar {
  /** A link of version 2 is up, and this station admitted. */
  connected(send: (frame: Frame) => void): void;
  disconnected(): void;
  /** Something of the readers may have changed. */
  look(): void;
  onMapping(frame: FrameOf<"mapping">): Promise<void>;
}

export function createReadersAfar({ mapping, conditions, testing, setTimer }: ReadersAfarSurroundings): ReadersAfar {
  /** The link that is up. */
  let link: { send: (frame: Frame) => void } | null = null;
  /** The report last told on this link. */
  let told: Uint8Array[] = [];
  /** Set while the last report is less than a second ago. */
  let cancelPause: (() => void) | null = null;
  let due = false;
  /** Set while the last change is less than `CHANGE_EVERY_MS` ago. */
  let cancelBreath: (() => void) | null = null;
  let wanted: FrameOf<"mapping"> | null = null;

  const pause = () => {
    cancelPause?.();
    cancelPause = setTimer(() => {
      cancelPause = null;
      if (due) tell(false);
    }, READERS_EVERY_MS);
  };
  /** @param again also when nothing is new */
  const tell = (again: boolean) => {
    due = false;
    const frames = readerFrames(mapping.now(), conditions(), testing());
    const bytes = frames.map((frame) => encodeFrame(frame));
    const isNews =
      bytes.length !== told.length || bytes.some((one, at) => !sameBytes(one, told[at] ?? new Uint8Array()));
    if (link === null || (!isNews && !again)) return;
    told = bytes;
    for (const frame of frames) link.send(frame);
    pause();
  };
  const disconnected = () => {
    link = null;
    told = [];
    due = false;
    cancelPause?.();
    cancelPause = null;
    cancelBreath?.();
    cancelBreath = null;
    wanted = null;
  };
  const change = async ([, number, base, readers]: FrameOf<"mapping">): Promise<void> => {
    const asker = link;
    cancelBreath = setTimer(() => {
      cancelBreath = null;
      const next = wanted;
      wanted = null;
      // One that comes to nothing is not answered, and so asked again on the next link.
      if (next !== null) change(next).catch(() => {});
    }, CHANGE_EVERY_MS);
    const changed = await mapping.change(base, readReaders(readers));
    // The link on which it was asked may be gone; on the next it is asked again.
    if (asker === null || link !== asker) return;
    tell(true);
    asker.send([FRAME.mapped, number, MAPPED_CODES[changed.ok ? "ok" : changed.why]]);
  };

  return {
    connected(send) {
      disconnected();
      link = { send };
      tell(true);
    },
    disconnected,
    look() {
      if (link === null) return;
      due = true;
      if (cancelPause === null) tell(false);
    },
    async onMapping(frame) {
      if (cancelBreath === null) await change(frame);
      else wanted = frame;
    },
  };
}
