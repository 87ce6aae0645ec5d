/**
 * pcscd as a service: one connection that watches all readers, and one for each reader whose card is spoken with. pcscd
 * works a connection's requests one after the other, so a card that hangs holds up only its own reader.
 */
import { type Clock, systemClock } from "../../clock.ts";
import {
  askConnect,
  askContext,
  askDisconnect,
  askAttribute,
  askStopWaiting,
  askTransmit,
  askVersion,
  askWait,
  CHANNEL_ID,
  FIRST_MINOR,
  readAttribute,
  readConnected,
  readContext,
  readDisconnected,
  readReaders,
  readSignal,
  readTransmitted,
  readVersion,
  RESULT,
} from "./messages.ts";
import type { CardOpening, CardWhy, Channel, LinkEvents, LinkOpening, PcscLink } from "./service.ts";
import type { ServiceTrouble } from "./trouble.ts";
import { type Asked, openWire, pcscdSocketPath, type Wire } from "./wire.ts";

/** What pcscd answers by itself. It waits for readers that are just being plugged in, some of which take seconds. */
const ANSWER_WITHIN_MS = 8_000;
/** A card powers up and answers within a second or two; CCID drivers give up after some seconds by themselves. */
const CARD_WITHIN_MS = 10_000;
/** So often pcscd is asked whether it still lives: a stopped one says nothing by itself. */
const PROBE_EVERY_MS = 10_000;

/** A connection with a context, on which cards can be opened. */
interface Lane {
  wire: Wire;
  context: number;
}

type SetTimer = Clock["setTimer"];

/** Is pcscd there? */
export async function openPcscdLink(
  path = pcscdSocketPath(),
  setTimer: SetTimer = systemClock.setTimer,
): Promise<LinkOpening> {
  const open = () => openLane(path, setTimer);
  const watching = await open();
  return watching.ok ? { ok: true, link: createLink(open, watching.value, setTimer) } : watching;
}

async function openLane(path: string, setTimer: SetTimer): Promise<Asked<Lane>> {
  const opened = await openWire(path, setTimer);
  if (!opened.ok) return opened;
  const wire = opened.value;
  const greeted = await greet(wire);
  if (!greeted.ok) {
    wire.close();
    return greeted;
  }
  const established = await wire.ask(askContext(), readContext, ANSWER_WITHIN_MS);
  if (!established.ok) return established;
  const { context, result } = established.value;
  if (result !== RESULT.success) {
    wire.close();
    return { ok: false, trouble: { kind: "corrupt", why: `no context, ${shown(result)}` } };
  }
  return { ok: true, value: { wire, context } };
}

/** Agree on a version: ours, else the server's minor if that is the same on the wire. */
async function greet(wire: Wire): Promise<Asked<null>> {
  let minor = FIRST_MINOR;
  for (let tries = 0; tries < 2; tries++) {
    const asked = await wire.ask(askVersion(minor), readVersion(minor), ANSWER_WITHIN_MS);
    // It was let in and hung up on at once: that is how pcscd turns away whom polkit does not let in.
    if (!asked.ok) return asked.trouble.kind === "ended" ? { ok: false, trouble: { kind: "denied" } } : asked;
    const { accepted, next, server } = asked.value;
    if (accepted) return { ok: true, value: null };
    if (next === null) return { ok: false, trouble: { kind: "protocol", server } };
    minor = next;
  }
  return { ok: false, trouble: { kind: "protocol", server: `4.${minor}` } };
}

function createLink(open: () => Promise<Asked<Lane>>, watching: Lane, setTimer: SetTimer): PcscLink {
  /** One for each reader, by its name; opened when first needed, again when it ended. */
  const lanes = new Map<string, Promise<Asked<Lane>>>();
  /** They are opened one after the other: pcscd lets few wait at its door. */
  let opened: Promise<unknown> = Promise.resolve();
  let closed = false;

  async function laneOf(reader: string): Promise<Asked<Lane>> {
    const kept = lanes.get(reader);
    if (kept !== undefined) return kept;
    const opening = opened.then(open);
    opened = opening;
    lanes.set(reader, opening);
    const lane = await opening;
    if (closed && lane.ok) lane.value.wire.close();
    if (!lane.ok) drop(reader, opening);
    return lane;
  }
  const drop = (reader: string, lane: Promise<Asked<Lane>>) => {
    if (lanes.get(reader) === lane) lanes.delete(reader);
  };
  const forgetOthers = (names: readonly string[]) => {
    for (const [reader, lane] of lanes) {
      if (names.includes(reader)) continue;
      lanes.delete(reader);
      void closeLane(lane);
    }
  };

  async function connect(reader: string, share: "shared" | "direct"): Promise<Connected> {
    const opening = laneOf(reader);
    const lane = await opening;
    if (!lane.ok) return { ok: false, why: "ended" };
    const { wire, context } = lane.value;
    const asked = await wire.ask(askConnect(context, reader, share), readConnected, CARD_WITHIN_MS);
    if (!asked.ok) {
      lanes.delete(reader);
      return { ok: false, why: "ended" };
    }
    const { card, protocol, result } = asked.value;
    return result === RESULT.success ? { ok: true, wire, card, protocol } : { ok: false, why: whyOf(result) };
  }

  return {
    watch: (events) => void watch(watching.wire, events, { setTimer, onNames: forgetOthers, isClosed: () => closed }),
    async openCard(reader): Promise<CardOpening> {
      const connected = await connect(reader, "shared");
      return connected.ok ? { ok: true, card: createCard(connected) } : connected;
    },
    async channelOf(reader): Promise<Channel> {
      const connected = await connect(reader, "direct");
      if (!connected.ok) return { kind: "not-now" };
      const { wire, card } = connected;
      const asked = await wire.ask(askAttribute(card, CHANNEL_ID), readAttribute, CARD_WITHIN_MS);
      void wire.ask(askDisconnect(card), readDisconnected, CARD_WITHIN_MS);
      if (!asked.ok) return { kind: "not-now" };
      return channelFrom(asked.value.value);
    },
    close() {
      closed = true;
      watching.wire.close();
      forgetOthers([]);
    },
  };
}

async function closeLane(opening: Promise<Asked<Lane>>): Promise<void> {
  const lane = await opening;
  if (lane.ok) lane.value.wire.close();
}

interface Watching {
  setTimer: SetTimer;
  onNames: (names: readonly string[]) => void;
  isClosed: () => boolean;
}

async function watch(wire: Wire, events: LinkEvents, { setTimer, onNames, isClosed }: Watching): Promise<void> {
  for (;;) {
    const listed = await wire.ask(askWait(), readReaders, ANSWER_WITHIN_MS);
    if (isClosed()) return;
    if (!listed.ok) return gone(wire, events, listed.trouble);
    onNames(listed.value.map(({ name }) => name));
    events.onReaders(listed.value);
    // Exactly one signal comes: of the change, or of the end of the waiting.
    const signal = wire.hear(readSignal, PROBE_EVERY_MS + ANSWER_WITHIN_MS);
    const cancelProbe = setTimer(() => wire.send(askStopWaiting()), PROBE_EVERY_MS);
    const heard = await signal;
    cancelProbe();
    if (isClosed()) return;
    if (!heard.ok) return gone(wire, events, heard.trouble);
  }
}

function gone(wire: Wire, events: LinkEvents, trouble: ServiceTrouble): void {
  wire.close();
  events.onGone(trouble);
}

/** A card's handle, and the connection that it belongs to. */
type Connected = { ok: true; wire: Wire; card: number; protocol: number } | { ok: false; why: CardWhy };

function createCard({ wire, card, protocol }: Connected & { ok: true }) {
  let closed = false;
  return {
    async transmit(apdu: Uint8Array) {
      if (closed) return { ok: false, why: "left" } as const;
      const asked = await wire.ask(askTransmit(card, protocol, apdu), readTransmitted, CARD_WITHIN_MS);
      if (!asked.ok) return { ok: false, why: "ended" } as const;
      const { answer, result } = asked.value;
      if (result !== RESULT.success) return { ok: false, why: whyOf(result) } as const;
      return { ok: true, bytes: answer } as const;
    },
    close() {
      if (closed) return;
      closed = true;
      void wire.ask(askDisconnect(card), readDisconnected, CARD_WITHIN_MS);
    },
  };
}

function whyOf(result: number): CardWhy {
  switch (result) {
    case RESULT.noCard:
    case RESULT.removedCard:
      return "left";
    case RESULT.sharingViolation:
      return "taken";
    case RESULT.securityViolation:
      return "denied";
    default:
      return "mute";
  }
}

/** Four bytes in the order of the machine; anything else is none we know. */
function channelFrom(bytes: Uint8Array): Channel {
  if (bytes.length < 4) return { kind: "none" };
  return { kind: "channel", channel: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) };
}

function shown(result: number): string {
  return `0x${result.toString(16)}`;
}
