/**
 * How an SM130 is kept telling tags.
 *
 * Firmware (is it there?), antenna on, then seek: it answers that it seeks, and tells the tag when one comes. One seek
 * tells one tag, so it is asked again, for as long as the tag lies there and after it left; an unanswered seek is also
 * how its silence is noticed. Status 4E (no tag) asks again, 55 (antenna off) switches it on, 4C waits.
 */
import { toHex } from "../../../shared/bytes.ts";
import type { Act, Heard, Machine } from "../serial/conversation.ts";
import { COMMAND, createSm130Scanner, sm130Answer, type Sm130Frame, sm130Frame } from "./frames.ts";

/** At 19200 baud its longest answer takes 10 ms; USB adapters add up to 16 ms, a busy machine more. */
const ANSWER_MS = 300;
/** After a tag was told: long enough not to fill the line, short enough for a brisk second tag. */
const REARM_MS = 80;
/** A seek that has not told a tag that lies there by then has lost it: it looks for one every few milliseconds. */
const SEEK_MS = 400;
/** The lamp is seen, and the next voter is not shown the last one's. */
const LAMP_MS = 700;
/** Commands in a row without an answer, each tried from the start, before it counts as gone: 1.2 s. */
export const MAX_MISSES = 4;

/** Bits of the output ports: a lamp or buzzer at OUT1 for a stored vote, at OUT2 for none. */
const LAMP = { none: 0, good: 1, bad: 2 } as const;
type Lamp = (typeof LAMP)[keyof typeof LAMP];

export interface Sm130 {
  /** What it was asked last and has not answered; `seeking`: it said it seeks; `resting`: nothing. */
  phase: "firmware" | "antenna" | "ports" | "seek" | "seeking" | "resting" | "given up";
  answered: boolean;
  misses: number;
  /** The tag told last, until it is told as removed. */
  lying: Uint8Array | undefined;
  lamp: Lamp;
  /** What its ports were set to, as far as it confirmed. */
  shown: Lamp;
}

type Step = [Sm130, ...Act[]];

export const SM130_MACHINE: Machine<Sm130, Sm130Frame> = {
  createScanner: createSm130Scanner,
  start: () => ask(FRESH, "firmware"),
  step: stepSm130,
};

const FRESH: Sm130 = {
  phase: "resting",
  answered: false,
  misses: 0,
  lying: undefined,
  lamp: LAMP.none,
  shown: LAMP.none,
};

function stepSm130(now: Sm130, heard: Heard<Sm130Frame>): Step {
  if (now.phase === "given up") return [now];
  switch (heard.kind) {
    case "packet":
      return takeFrame(now, heard.packet);
    case "signal":
      return after([{ kind: "wait", timer: "lamp", ms: LAMP_MS }], showNow({ ...now, lamp: LAMP[heard.signal] }));
    case "due":
      return heard.timer === "lamp" ? showNow({ ...now, lamp: LAMP.none }) : takeSilence(now);
  }
}

function takeFrame(now: Sm130, frame: Sm130Frame): Step {
  if (frame.command === COMMAND.seek || frame.command === COMMAND.select) {
    const answer = sm130Answer(frame);
    return answer.kind === "tag" ? takeTag(now, answer.uid) : takeStatus(now, answer.kind);
  }
  if (frame.command === COMMAND.firmware && now.phase === "firmware") {
    return after(greeting(now), ask({ ...now, answered: true }, "antenna"));
  }
  if (frame.command === COMMAND.antenna && now.phase === "antenna") return askNext({ ...now, misses: 0 });
  if (frame.command === COMMAND.writePort && now.phase === "ports") {
    // What it says it shows, not what it was asked to: another signal may have come meanwhile.
    const shown = Object.values(LAMP).find((lamp) => lamp === frame.payload[0]) ?? now.lamp;
    return askNext({ ...now, misses: 0, shown });
  }
  return [now];
}

/** A tag is a tag whenever it is told: also to a seek that another question overtook, or by a device that seeks by itself. */
function takeTag(now: Sm130, uid: Uint8Array): Step {
  const isOther = now.lying !== undefined && toHex(now.lying) !== toHex(uid);
  const acts: Act[] = [...greeting(now), ...(isOther ? leaving(now) : []), { kind: "present", uid }];
  const told: Sm130 = { ...now, answered: true, lying: uid };
  if (!isSeek(now)) return [told, ...acts];
  return after(acts, rest({ ...told, misses: 0 }));
}

function takeStatus(now: Sm130, status: "seeking" | "noTag" | "rfOff" | "unknown"): Step {
  if (!isSeek(now) || status === "unknown") return [now];
  const heard: Sm130 = { ...now, misses: 0 };
  if (status === "rfOff") return ask(heard, "antenna");
  if (status === "noTag") return after(leaving(now), rest({ ...heard, lying: undefined }));
  return [
    { ...heard, phase: "seeking" },
    { kind: "wait", timer: "answer", ms: SEEK_MS },
  ];
}

/** The time of the last question, or of a rest, is over. */
function takeSilence(now: Sm130): Step {
  if (now.phase === "resting") return askNext(now);
  if (now.phase === "seeking") return after(leaving(now), askNext({ ...now, lying: undefined }));
  const misses = now.misses + 1;
  // From the start: it may have been reset, and then its antenna and its ports are as they come.
  if (misses < MAX_MISSES) return ask({ ...now, misses, shown: LAMP.none }, "firmware");
  const trouble = { kind: "silent", device: "SM130" } as const;
  return after(leaving(now), [
    { ...now, phase: "given up", lying: undefined },
    { kind: "fails", trouble },
  ]);
}

/** A lamp is worked at once where that interrupts nothing but a seek; else with the next question. */
function showNow(now: Sm130): Step {
  return now.phase === "seeking" || now.phase === "resting" ? askNext(now) : [now];
}

function askNext(now: Sm130): Step {
  return ask(now, now.lamp === now.shown ? "seek" : "ports");
}

function ask(now: Sm130, phase: "firmware" | "antenna" | "ports" | "seek"): Step {
  return [
    { ...now, phase },
    { kind: "write", bytes: question(now, phase) },
    { kind: "wait", timer: "answer", ms: ANSWER_MS },
  ];
}

function question(now: Sm130, phase: "firmware" | "antenna" | "ports" | "seek"): Uint8Array {
  switch (phase) {
    case "firmware":
      return sm130Frame(COMMAND.firmware);
    case "antenna":
      return sm130Frame(COMMAND.antenna, 1);
    case "ports":
      return sm130Frame(COMMAND.writePort, now.lamp);
    case "seek":
      return sm130Frame(COMMAND.seek);
  }
}

function rest(now: Sm130): Step {
  return [
    { ...now, phase: "resting" },
    { kind: "wait", timer: "answer", ms: REARM_MS },
  ];
}

function isSeek(now: Sm130): boolean {
  return now.phase === "seek" || now.phase === "seeking" || now.phase === "resting";
}

function greeting(now: Sm130): Act[] {
  return now.answered ? [] : [{ kind: "answers" }];
}

function leaving(now: Sm130): Act[] {
  return now.lying === undefined ? [] : [{ kind: "removed", uid: now.lying }];
}

function after(acts: readonly Act[], [next, ...then]: Step): Step {
  return [next, ...acts, ...then];
}
