import { EventEmitter } from "node:events";
import { describe, expect, test, vi } from "vitest";
import { bytesOfHex } from "../../../shared/bytes.ts";
import { createManualClock } from "../../clock.testing.ts";
import { miniLinks, type MiniModule } from "./mini-link.ts";
import type { SeenReader } from "./service.ts";
import type { ServiceTrouble } from "./trouble.ts";
import { GET_UID } from "./uid-answer.ts";

const PRESENT = 32;
const EMPTY = 16;

type Connect = () => Promise<{
  transmit: () => Promise<Uint8Array>;
  disconnect: (then: number) => Promise<void>;
}>;

/** Stands for pcsc-mini 0.1.3; the same shapes, no add-on. */
class ReaderDouble extends EventEmitter {
  #name: string;
  connectWith: Connect;
  constructor(name: string, connect: Connect = () => Promise.reject(new Error("NoSmartCard"))) {
    super();
    this.#name = name;
    this.connectWith = connect;
  }
  name = () => this.#name;
  connect = () => this.connectWith();
}

async function opened(startFails?: Error) {
  const clients: ClientDouble[] = [];
  class ClientDouble extends EventEmitter {
    stopped = false;
    constructor() {
      super();
      clients.push(this);
    }
    start() {
      if (startFails !== undefined) throw startFails;
    }
    stop() {
      this.stopped = true;
    }
  }
  const mini: MiniModule = {
    Client: ClientDouble,
    CardMode: { SHARED: 2 },
    CardDisposition: { LEAVE: 0 },
    ReaderStatus: { PRESENT },
  };
  const clock = createManualClock();
  const opening = await miniLinks(async () => mini, clock.setTimer)();
  if (!opening.ok) throw new Error(opening.trouble.kind);
  const lists: (readonly SeenReader[])[] = [];
  const gone: ServiceTrouble[] = [];
  opening.link.watch({ onReaders: (readers) => lists.push(readers), onGone: (trouble) => gone.push(trouble) });
  const client = clients[0];
  if (client === undefined) throw new Error("no client was made");
  return { link: opening.link, client, lists, gone, clock };
}

test("readers come and go, and cards on them are counted", async () => {
  const { client, lists } = await opened();
  const reader = new ReaderDouble("ACS ACR122 0");
  client.emit("reader", reader);
  reader.emit("change", { raw: EMPTY });
  reader.emit("change", { raw: PRESENT });
  reader.emit("change", { raw: PRESENT | 256 });
  reader.emit("change", { raw: EMPTY });
  reader.emit("disconnect");
  expect(lists).toEqual([
    [],
    [{ name: "ACS ACR122 0", events: 0, present: false }],
    [{ name: "ACS ACR122 0", events: 1, present: true }],
    [{ name: "ACS ACR122 0", events: 2, present: false }],
    [],
  ]);
});

describe("a card", () => {
  test("is asked through pcsc-mini, and left as it is", async () => {
    const { client, link } = await opened();
    const disconnect = vi.fn<(then: number) => Promise<void>>(() => Promise.resolve());
    const transmit = vi.fn<() => Promise<Uint8Array>>(() => Promise.resolve(bytesOfHex("010203049000")));
    const reader = new ReaderDouble("A", () => Promise.resolve({ transmit, disconnect }));
    client.emit("reader", reader);
    const opening = await link.openCard("A");
    if (!opening.ok) throw new Error(opening.why);
    expect(await opening.card.transmit(GET_UID)).toEqual({ ok: true, bytes: bytesOfHex("010203049000") });
    opening.card.close();
    opening.card.close();
    expect(disconnect).toHaveBeenCalledExactlyOnceWith(0);
  });

  test.each([
    ["SharingViolation", "taken"],
    ["NoSmartCard", "left"],
    ["RemovedCard", "left"],
    ["SecurityViolation", "denied"],
    ["UnresponsiveCard", "mute"],
  ])("that cannot be opened (%s) is %s", async (code, why) => {
    const { client, link } = await opened();
    client.emit("reader", new ReaderDouble("A", () => Promise.reject(Object.assign(new Error("no"), { code }))));
    expect(await link.openCard("A")).toEqual({ ok: false, why });
    expect(await link.openCard("another")).toEqual({ ok: false, why: "left" });
  });

  test("that never answers is waited for no longer than ten seconds", async () => {
    const { client, link, clock } = await opened();
    client.emit("reader", new ReaderDouble("A", () => new Promise(() => {})));
    const opening = link.openCard("A");
    await vi.waitFor(() => expect(clock.set()).toBe(1));
    clock.goOn(10_000);
    expect(await opening).toEqual({ ok: false, why: "mute" });
  });
});

test("a service that fails is told once, in its words, and nothing after it", async () => {
  const { client, gone, lists } = await opened();
  client.emit("error", Object.assign(new Error("stopped"), { code: "ServiceStopped" }));
  client.emit("error", new Error("again"));
  client.emit("reader", new ReaderDouble("A"));
  expect(gone).toEqual([{ kind: "other", message: "ServiceStopped stopped" }]);
  expect(lists).toEqual([[]]);
  expect((await opened(new Error("NoService"))).gone).toEqual([{ kind: "other", message: "NoService" }]);
});

test("after close it is stopped and says nothing", async () => {
  const { client, link, lists } = await opened();
  link.close();
  client.emit("reader", new ReaderDouble("A"));
  expect([client.stopped, lists.length]).toEqual([true, 1]);
});

test("an add-on that cannot be loaded is a trouble, not a crash", async () => {
  const open = miniLinks(() => Promise.reject(new Error("no such add-on")), createManualClock().setTimer);
  expect(await open()).toEqual({ ok: false, trouble: { kind: "other", message: "no such add-on" } });
});
