/**
 * The service of Windows and macOS, through pcsc-mini: an add-on, loaded only there. It watches four readers at most and says
 * nothing of a fifth. Where readers are plugged is not to be had of it, so they are known by name.
 */
import { oneLine } from "../../../shared/one-line.ts";
import type { Clock } from "../../clock.ts";
import type { Card, CardOpening, CardWhy, LinkEvents, LinkOpening, OpenLink, PcscLink, SeenReader } from "./service.ts";

/** What we use of pcsc-mini 0.1.3; a double stands for it in the tests. */
export interface MiniModule {
  Client: new () => MiniClient;
  CardMode: { SHARED: number };
  CardDisposition: { LEAVE: number };
  ReaderStatus: { PRESENT: number };
}
interface MiniClient {
  on(event: "reader", run: (reader: MiniReader) => void): unknown;
  on(event: "error", run: (error: Error) => void): unknown;
  start(): unknown;
  stop(): void;
}
interface MiniReader {
  name(): string;
  on(event: "change", run: (status: { raw: number }) => void): unknown;
  on(event: "disconnect", run: () => void): unknown;
  connect(mode: number): Promise<MiniCard>;
}
interface MiniCard {
  transmit(apdu: Uint8Array): Promise<Uint8Array>;
  disconnect(then: number): Promise<void>;
}

/** As of pcscd: a card answers within a second or two, or not at all. */
const CARD_WITHIN_MS = 10_000;

/** @param load `() => import("pcsc-mini")` */
export function miniLinks(load: () => Promise<MiniModule>, setTimer: Clock["setTimer"]): OpenLink {
  return async (): Promise<LinkOpening> => {
    try {
      const mini = await load();
      return { ok: true, link: createLink(mini, setTimer) };
    } catch (error) {
      return { ok: false, trouble: { kind: "other", message: wordsOf(error) } };
    }
  };
}

function createLink(mini: MiniModule, setTimer: Clock["setTimer"]): PcscLink {
  const readers = new Map<string, { device: MiniReader; seen: SeenReader }>();
  const client = new mini.Client();
  let over = false;

  const add = (device: MiniReader, tell: () => void) => {
    const name = device.name();
    readers.set(name, { device, seen: { name, events: 0, present: false } });
    device.on("change", ({ raw }) => {
      const entry = readers.get(name);
      const present = (raw & mini.ReaderStatus.PRESENT) !== 0;
      if (entry === undefined || entry.seen.present === present) return;
      // Its own count is not to be had on every system.
      entry.seen = { name, present, events: (entry.seen.events + 1) & 0xffff };
      tell();
    });
    device.on("disconnect", () => {
      readers.delete(name);
      tell();
    });
    tell();
  };
  async function connect(device: MiniReader): Promise<CardOpening> {
    const connected = await bounded(device.connect(mini.CardMode.SHARED), setTimer);
    if (!connected.ok) return connected;
    return { ok: true, card: createCard(connected.value, mini.CardDisposition.LEAVE, setTimer) };
  }

  return {
    watch(events: LinkEvents) {
      const tell = () => void (over || events.onReaders([...readers.values()].map(({ seen }) => seen)));
      const fail = (error: unknown) => {
        if (over) return;
        over = true;
        events.onGone({ kind: "other", message: wordsOf(error) });
      };
      client.on("reader", (device) => add(device, tell));
      client.on("error", fail);
      try {
        client.start();
        tell();
      } catch (error) {
        fail(error);
      }
    },
    async openCard(reader) {
      const entry = readers.get(reader);
      return entry === undefined ? { ok: false, why: "left" } : connect(entry.device);
    },
    channelOf: () => Promise.resolve({ kind: "none" }),
    close() {
      over = true;
      try {
        client.stop();
      } catch {
        // It was never started, or ended by itself.
      }
    },
  };
}

function createCard(card: MiniCard, leave: number, setTimer: Clock["setTimer"]): Card {
  let closed = false;
  return {
    async transmit(apdu) {
      const answer = await bounded(card.transmit(apdu), setTimer);
      return answer.ok ? { ok: true, bytes: answer.value } : answer;
    },
    close() {
      if (closed) return;
      closed = true;
      void bounded(card.disconnect(leave), setTimer);
    },
  };
}

async function bounded<T>(
  work: Promise<T>,
  setTimer: Clock["setTimer"],
): Promise<{ ok: true; value: T } | { ok: false; why: CardWhy }> {
  const { promise: late, resolve } = Promise.withResolvers<{ ok: false; why: CardWhy }>();
  const cancel = setTimer(() => resolve({ ok: false, why: "mute" }), CARD_WITHIN_MS);
  const done = work.then(
    (value) => ({ ok: true, value }) as const,
    (error: unknown) => ({ ok: false, why: whyOf(error) }) as const,
  );
  const first = await Promise.race([done, late]);
  cancel();
  return first;
}

/** pcsc-mini's codes are the names of winscard's results without `SCARD_E_`; Windows's words differ, so both are looked at. */
function whyOf(error: unknown): CardWhy {
  const words = wordsOf(error);
  if (/sharing.?violation/i.test(words)) return "taken";
  if (/security.?violation|access.?denied/i.test(words)) return "denied";
  if (/no.?smart.?card|no.?card|removed.?card/i.test(words)) return "left";
  return "mute";
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  return oneLine("code" in error && typeof error.code === "string" ? `${error.code} ${error.message}` : error.message);
}
