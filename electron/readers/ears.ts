/** Listens on devices that are not in use, all at once, and keeps what came of it for as long as they are there. */
import type { Sentence } from "../../shared/sentences/sentence.ts";
import { ownCopy, sameTag, type SeenTag } from "../tap/seen-tag.ts";
import type { FoundDevice, Heard } from "./finder.ts";

/** What came of listening on one device. */
export interface HeardThere {
  /** What is being done there; null: nothing now. */
  word: "listening" | "asking" | "heard" | "silent" | null;
  /** What it turned out to be, and what opens it; null before that is known. */
  found: { spec: string; title: string } | null;
  /** What keeps us from listening there, and the remedy. */
  trouble: Sentence | null;
  /** The tag held there last, and when it was last seen. */
  last: { tag: SeenTag; atMs: number } | null;
}

export interface EarsSurroundings {
  listen: (device: FoundDevice, mayAsk: boolean, onHeard: (heard: Heard) => void) => (() => Promise<void>) | null;
  /** A tag was held to it. */
  onTag: (device: FoundDevice) => void;
  onChange: () => void;
  monotonicMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
}

/**
 * Where it had to be found out what the device is, listening ended with that: it is listened on anew after so long, because
 * the operator may hold another tag there, or come back to it.
 */
const AGAIN_MS = 1_000;
/** Another program may let go of the port. */
const TROUBLE_AGAIN_MS = 3_000;
/** A tag that lies there is seen again and again, each time no later than this: it was held there once. */
const SAME_TAG_MS = 2_500;

export interface Ears {
  /** Devices that are there, listened to or not: what is known of any other is forgotten. */
  devices(devices: readonly FoundDevice[]): void;
  /** Listen on all devices that are there and that come; anew where nothing was heard. @param mayAsk the operator allowed to write to them */
  open(mayAsk: boolean): void;
  /** Listen no more. What was heard stays known. */
  close(): void;
  at(id: string): HeardThere | undefined;
  /** Let go of one device, because it comes into use; resolves when it is free. What was heard there stays known. */
  release(id: string): Promise<void>;
  /** It did not come into use after all. */
  resume(id: string): void;
  /** Resolves when all are free. */
  stop(): Promise<void>;
}

interface Ear extends HeardThere {
  device: FoundDevice;
  /** Whether it is listened on, and may be written to. */
  mayAsk: boolean;
  released: boolean;
  stop: (() => Promise<void>) | null;
  closing: Promise<void> | null;
  cancelAgain: () => void;
}

const NOTHING_HEARD: Omit<Ear, "device"> = {
  word: null,
  found: null,
  trouble: null,
  mayAsk: false,
  released: false,
  last: null,
  stop: null,
  closing: null,
  cancelAgain: () => {},
};

export function createEars(around: EarsSurroundings): Ears {
  const ears = new Map<string, Ear>();
  const closing = new Set<Promise<void>>();
  let open: { mayAsk: boolean } | null = null;

  const begin = (ear: Ear, mayAsk: boolean) => {
    const mine = {};
    turns.set(ear, mine);
    ear.mayAsk = mayAsk;
    ear.word = ear.found === null ? "listening" : "heard";
    ear.trouble = null;
    const stop = around.listen(ear.device, mayAsk, (heard) => {
      // A word that was on its way when it was let go.
      if (turns.get(ear) !== mine) return;
      take(ear, heard);
      around.onChange();
    });
    // It may have been let go while it began.
    if (turns.get(ear) !== mine) return void stop?.();
    ear.stop = stop;
    if (stop === null) ear.word = null;
    return undefined;
  };
  const take = (ear: Ear, heard: Heard) => {
    switch (heard.kind) {
      case "listening":
      case "asking":
        // What it is is known: no more than another tag is waited for.
        ear.word = ear.found === null ? heard.kind : "heard";
        ear.trouble = null;
        return;
      case "silent":
        ear.word = "silent";
        return;
      case "trouble":
        ear.word = null;
        ear.trouble = heard.reason;
        return again(ear, TROUBLE_AGAIN_MS);
      case "heard":
        ear.word = "heard";
        ear.trouble = null;
        ear.found = { spec: heard.spec, title: heard.title };
        if (heard.tag !== null) hear(ear, heard.tag);
    }
  };
  const hear = (ear: Ear, tag: SeenTag) => {
    const atMs = around.monotonicMs();
    const lies = ear.last !== null && atMs - ear.last.atMs < SAME_TAG_MS && sameTag(ear.last.tag, tag);
    ear.last = { tag: ownCopy(tag), atMs };
    again(ear, AGAIN_MS);
    if (!lies) around.onTag(ear.device);
  };
  /** Begin anew after a while, where that has ended by itself: where it was known what the device is, it has not. */
  const again = (ear: Ear, afterMs: number) => {
    ear.cancelAgain();
    if (ear.device.spec !== null) return;
    ear.cancelAgain = around.setTimer(() => {
      void end(ear);
      attend();
    }, afterMs);
  };
  /** It is written to only to find out what it is. */
  const asks = (ear: Ear, { mayAsk }: { mayAsk: boolean }) => mayAsk && ear.found === null;
  const end = (ear: Ear): Promise<void> => {
    ear.cancelAgain();
    const stop = ear.stop;
    ear.stop = null;
    ear.word = null;
    turns.delete(ear);
    if (stop === null) return ear.closing ?? Promise.resolve();
    const closed = stop().finally(() => {
      closing.delete(closed);
      ear.closing = null;
      // It may be wanted again meanwhile: a port that is being closed cannot be opened.
      attend();
    });
    closing.add(closed);
    ear.closing = closed;
    return closed;
  };
  /** Which listening on it is the present one. */
  const turns = new WeakMap<Ear, object>();

  const attend = () => {
    for (const ear of ears.values()) {
      const may = open !== null && ear.device.trouble === null && !ear.released;
      // One that was written to is not listened on anew only to be left alone.
      if (ear.stop !== null && (open === null || !may || (asks(ear, open) && !ear.mayAsk))) void end(ear);
      if (may && ear.stop === null && ear.closing === null && open !== null) begin(ear, asks(ear, open));
    }
  };
  return {
    devices(devices) {
      const there = new Map(devices.map((device) => [device.id, device]));
      for (const [id, ear] of ears) {
        if (there.has(id)) continue;
        void end(ear);
        ears.delete(id);
      }
      for (const device of there.values()) {
        const ear = ears.get(device.id);
        if (ear === undefined) {
          ears.set(device.id, { ...NOTHING_HEARD, device });
        } else ear.device = device;
      }
      attend();
    },
    open(mayAsk) {
      open = { mayAsk };
      for (const ear of ears.values()) if (ear.word === "silent") void end(ear);
      attend();
    },
    close() {
      open = null;
      attend();
    },
    at: (id) => ears.get(id),
    async release(id) {
      const ear = ears.get(id);
      if (ear === undefined) return;
      ear.released = true;
      await end(ear);
    },
    resume(id) {
      const ear = ears.get(id);
      if (ear === undefined) return;
      ear.released = false;
      attend();
    },
    async stop() {
      open = null;
      for (const ear of ears.values()) void end(ear);
      ears.clear();
      await Promise.all(closing);
    },
  };
}
