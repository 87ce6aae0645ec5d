/**
 * How a PN532 is kept telling tags.
 *
 * Wake it and set its SAM aside (it does not listen before), ask who it is, let it look for a tag only a few times, then
 * have it list what is there, again and again: with retries bounded it answers "none" instead of falling silent, so that
 * silence means trouble. Trouble is met by an ACK, which aborts whatever it does, and by starting again, later each time.
 */
import { toHex } from "../../../shared/bytes.ts";
import type { Act, Heard, Machine } from "../serial/conversation.ts";
import { ACK, COMMAND, createPn532Scanner, listedUids, pn532Command, type Pn532Frame, WAKE } from "./frames.ts";

/** Listing takes 30 ms with the retries below, a slow ISO 14443-4 card's ATS 80 more; USB and a busy machine the rest. */
const ANSWER_MS = 400;
const POLL_MS = 60;
/** Between an abort and the next start: it runs its oscillator up, and a line full of noise becomes quiet. */
const RESYNC_MS = 50;
/** Starts in a row without a listing before it counts as gone: with their waits about 2.3 s. */
export const MAX_MISSES = 4;
/**
 * A tag that was listed stays selected and misses the next call, and one with ISO 14443-4 the one after it; three empty
 * lists in a row are a tag that left.
 */
export const ABSENT_LISTS = 3;
/** RFConfiguration item 5: retries of ATR and PSL as they come, and of looking for a tag: two (FF would be for ever). */
const RETRIES = [0x05, 0xff, 0x01, 0x02] as const;
/** SAMConfiguration: normal mode, it is not used. */
const SAM_NORMAL = 0x01;
/** Of type A at 106 kbit/s, one tag. */
const ONE_TYPE_A = [0x01, 0x00] as const;
const IC_PN532 = 0x32;

export interface Pn532 {
  /** The question that waits for its answer; `resting` and `aborting` are pauses. */
  phase: "sam" | "firmware" | "retries" | "list" | "resting" | "aborting" | "given up";
  answered: boolean;
  misses: number;
  /** The tag listed last, and how many lists in a row were empty since. */
  lying: Uint8Array | undefined;
  absent: number;
}

type Step = [Pn532, ...Act[]];

const FRESH: Pn532 = { phase: "resting", answered: false, misses: 0, lying: undefined, absent: 0 };

export const PN532_MACHINE: Machine<Pn532, Pn532Frame> = {
  createScanner: createPn532Scanner,
  start: () => ask(FRESH, "sam"),
  step: stepPn532,
};

function stepPn532(now: Pn532, heard: Heard<Pn532Frame>): Step {
  // It has no lamp of its own.
  if (now.phase === "given up" || heard.kind === "signal") return [now];
  if (heard.kind === "due") return heard.timer === "answer" ? takeSilence(now) : [now];
  // That a question arrived (ack) changes nothing: the answer is waited for anyway.
  if (heard.packet.kind === "error") return isAsked(now) ? startAgain(now) : [now];
  return heard.packet.kind === "reply" ? takeReply(now, heard.packet.command, heard.packet.payload) : [now];
}

function takeReply(now: Pn532, command: number, payload: Uint8Array): Step {
  if (now.phase === "sam" && command === COMMAND.sam) return ask(now, "firmware");
  if (now.phase === "firmware" && command === COMMAND.firmware) {
    if (payload[0] === IC_PN532) return ask(now, "retries");
    return giveUp(now, { kind: "fails", trouble: { kind: "wrongDevice", device: "PN532" } });
  }
  if (now.phase === "retries" && command === COMMAND.rfConfiguration) {
    return after(greeting(now), ask({ ...now, answered: true }, "list"));
  }
  if (now.phase !== "list" || command !== COMMAND.listTargets) return [now];
  const uids = listedUids(payload);
  return uids === undefined ? startAgain(now) : takeList(now, uids[0]);
}

function takeList(now: Pn532, uid: Uint8Array | undefined): Step {
  if (uid === undefined) {
    const absent = now.absent + 1;
    if (absent < ABSENT_LISTS) return rest({ ...now, misses: 0, absent });
    return after(leaving(now), rest({ ...now, misses: 0, absent: 0, lying: undefined }));
  }
  const isOther = now.lying !== undefined && toHex(now.lying) !== toHex(uid);
  const acts: Act[] = [...(isOther ? leaving(now) : []), { kind: "present", uid }];
  return after(acts, rest({ ...now, misses: 0, absent: 0, lying: uid }));
}

function takeSilence(now: Pn532): Step {
  if (now.phase === "resting") return ask(now, "list");
  if (now.phase === "aborting") return ask(now, "sam");
  return startAgain(now);
}

function startAgain(now: Pn532): Step {
  const misses = now.misses + 1;
  if (misses >= MAX_MISSES) return giveUp(now, { kind: "fails", trouble: { kind: "silent", device: "PN532" } });
  return [
    { ...now, phase: "aborting", misses },
    { kind: "write", bytes: ACK },
    { kind: "wait", timer: "answer", ms: RESYNC_MS * 2 ** misses },
  ];
}

function giveUp(now: Pn532, fails: Act & { kind: "fails" }): Step {
  return after(leaving(now), [{ ...now, phase: "given up", lying: undefined }, fails]);
}

function ask(now: Pn532, phase: "sam" | "firmware" | "retries" | "list"): Step {
  return [
    { ...now, phase },
    { kind: "write", bytes: question(phase) },
    { kind: "wait", timer: "answer", ms: ANSWER_MS },
  ];
}

function question(phase: "sam" | "firmware" | "retries" | "list"): Uint8Array {
  switch (phase) {
    case "sam":
      return Uint8Array.of(...WAKE, ...pn532Command(COMMAND.sam, SAM_NORMAL));
    case "firmware":
      return pn532Command(COMMAND.firmware);
    case "retries":
      return pn532Command(COMMAND.rfConfiguration, ...RETRIES);
    case "list":
      return pn532Command(COMMAND.listTargets, ...ONE_TYPE_A);
  }
}

function rest(now: Pn532): Step {
  return [
    { ...now, phase: "resting" },
    { kind: "wait", timer: "answer", ms: POLL_MS },
  ];
}

function isAsked(now: Pn532): boolean {
  return now.phase !== "resting" && now.phase !== "aborting";
}

function greeting(now: Pn532): Act[] {
  return now.answered ? [] : [{ kind: "answers" }];
}

function leaving(now: Pn532): Act[] {
  return now.lying === undefined ? [] : [{ kind: "removed", uid: now.lying }];
}

function after(acts: readonly Act[], [next, ...then]: Step): Step {
  return [next, ...acts, ...then];
}
