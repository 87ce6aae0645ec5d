/**
 * What kind of reader is on a port? Listening at one rate after the other while somebody taps, and, where the operator
 * allowed it, asking the devices that speak only when asked.
 *
 * All protocols of a rate listen at once. One with a checksum, or one that speaks in words, is believed at once; one
 * without only when the same number came twice, and nobody better was heard. A rate is left after its time, and taken up
 * again in the next round, as a tag may lie there only when another one's turn is.
 */
import { toHex } from "../../../shared/bytes.ts";
import type { Decoder } from "../frame.ts";
import type { Act, Conversation } from "./conversation.ts";
import { PROTOCOL_NAMES, isProtocolName, type ProtocolName, serialProtocol } from "./protocols.ts";

export type DetectAct =
  /** At this rate, closing the port first where it is open. Bytes, and the end of a wait, are of this opening from now on. */
  | { kind: "open"; baud: number; asks: boolean }
  | { kind: "write"; bytes: Uint8Array }
  /** One wait at a time; the one before is forgotten. */
  | { kind: "wait"; ms: number }
  /** `uid`: of the tag that gave it away; null when it answered who it is. The end. */
  | { kind: "found"; protocol: ProtocolName; baud: number; uid: Uint8Array | null }
  /** Everything was tried. The end. */
  | { kind: "silent" };

export interface Detection {
  begin(): DetectAct[];
  /** The port is open at the rate asked for. */
  opened(): DetectAct[];
  push(bytes: Uint8Array): DetectAct[];
  due(): DetectAct[];
}

/** By far the most readers speak at this rate, so it is listened at longer, and first. */
const USUAL_BAUD = 9600;
const USUAL_LISTEN_MS = 3_000;
/** A reader that repeats has repeated often, and somebody who taps again and again has tapped twice. */
const LISTEN_MS = 2_000;
/** A device that hears answers within 100 ms; one that is just waking at the second try. */
const ASK_MS = 800;
/** A number came that has to come once more: time to take the tag away and tap again. */
const AGAIN_MS = 6_000;
/** 11 s each, 14 with asking: nobody taps longer at a reader that does nothing. */
const MAX_ROUNDS = 3;

const MAX_ONCE = 64;

interface Ear {
  protocol: ProtocolName;
  certain: boolean;
  decoder: Decoder;
  /** Numbers heard once, while once is not enough. */
  once: Set<string>;
}

type Stage = { kind: "listen"; baud: number } | { kind: "ask"; baud: number; protocol: ProtocolName };

/** @param mayAsk the operator allowed to write to the device */
export function createDetection(mayAsk: boolean): Detection {
  const stages = stagesOf(mayAsk);
  let turn = -1;
  let ears: Ear[] = [];
  let conversation: Conversation | undefined;
  let over = false;

  function next(): DetectAct[] {
    turn += 1;
    const stage = stages[turn % stages.length];
    if (stage === undefined || turn >= stages.length * MAX_ROUNDS) return end({ kind: "silent" });
    ears = stage.kind === "listen" ? earsAt(stage.baud) : [];
    conversation = stage.kind === "ask" ? (serialProtocol(stage.protocol).converse?.() ?? undefined) : undefined;
    return [{ kind: "open", baud: stage.baud, asks: stage.kind === "ask" }];
  }

  function end(act: DetectAct): DetectAct[] {
    over = true;
    return [act];
  }

  function opened(): DetectAct[] {
    const stage = stages[turn % stages.length];
    if (conversation === undefined) {
      return [{ kind: "wait", ms: stage?.baud === USUAL_BAUD ? USUAL_LISTEN_MS : LISTEN_MS }];
    }
    return [...judge(conversation.begin()), { kind: "wait", ms: ASK_MS }];
  }

  /** Of a conversation only the first question is wanted, and whether it was answered as it should be. */
  function judge(acts: readonly Act[]): DetectAct[] {
    const stage = stages[turn % stages.length];
    if (stage?.kind === "ask" && acts.some((act) => act.kind === "answers")) {
      return end({ kind: "found", protocol: stage.protocol, baud: stage.baud, uid: null });
    }
    if (acts.some((act) => act.kind === "fails")) return next();
    return acts.flatMap((act): DetectAct[] => (act.kind === "write" ? [act] : []));
  }

  function listen(bytes: Uint8Array): DetectAct[] {
    const baud = stages[turn % stages.length]?.baud ?? USUAL_BAUD;
    const numbers = ears.flatMap((ear) => newNumbers(ear, bytes));
    const proven = numbers.find(({ ear }) => ear.certain) ?? numbers.find(({ again }) => again);
    if (proven !== undefined) {
      return end({ kind: "found", protocol: proven.ear.protocol, baud, uid: proven.uid });
    }
    return numbers.length > 0 ? [{ kind: "wait", ms: AGAIN_MS }] : [];
  }

  return {
    begin: next,
    opened: () => (over ? [] : opened()),
    push(bytes) {
      if (over) return [];
      return conversation === undefined ? listen(bytes) : judge(conversation.push(bytes));
    },
    due: () => (over ? [] : next()),
  };
}

interface HeardNumber {
  ear: Ear;
  uid: Uint8Array;
  /** It came before. */
  again: boolean;
}

function newNumbers(ear: Ear, bytes: Uint8Array): HeardNumber[] {
  return ear.decoder.push(bytes).flatMap((frame) => {
    if (frame.kind === "bad") return [];
    const again = ear.once.has(toHex(frame.uid));
    // A reader brings one number, a crowd a few; noise that reads as numbers must not pile them up.
    if (ear.once.size < MAX_ONCE) ear.once.add(toHex(frame.uid));
    return [{ ear, uid: frame.uid, again }];
  });
}

function earsAt(baud: number): Ear[] {
  return KNOWN.flatMap((protocol) => {
    const { found, createDecoder } = serialProtocol(protocol);
    if (found === null || !found.bauds.includes(baud)) return [];
    return [{ protocol, certain: found.certain, decoder: (found.createDecoder ?? createDecoder)(), once: new Set() }];
  });
}

const KNOWN: readonly ProtocolName[] = PROTOCOL_NAMES.filter(isProtocolName);

function stagesOf(mayAsk: boolean): Stage[] {
  const listens = new Set<number>([USUAL_BAUD]);
  const asks: Stage[] = [];
  for (const protocol of KNOWN) {
    const { found, converse } = serialProtocol(protocol);
    for (const baud of found?.bauds ?? []) {
      // What it tells of itself when somebody else set it to: at the rate it comes with.
      if (converse === null || baud === found?.bauds[0]) listens.add(baud);
      if (converse !== null && mayAsk) asks.push({ kind: "ask", baud, protocol });
    }
  }
  const [usual, ...others] = [...listens].map((baud): Stage => ({ kind: "listen", baud }));
  return usual === undefined ? asks : [usual, ...asks, ...others];
}
