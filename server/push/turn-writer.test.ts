import { createServer, connect, type Socket } from "node:net";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { HIGH_WATER_BYTES, MAX_WAITING_BYTES, createTurnWriter, frameOnce, type Wire } from "./turn-writer.ts";

/** A socket that takes what it is told to take. */
function fakeWire() {
  const writes: string[] = [];
  let listeners: (() => void)[] = [];
  const wire = {
    writableLength: 0,
    destroyed: false,
    writes,
    write(bytes: Uint8Array) {
      writes.push(Buffer.from(bytes).toString());
      return true;
    },
    once: (_event: "drain", listener: () => void) => listeners.push(listener),
    drain() {
      wire.writableLength = 0;
      const due = listeners;
      listeners = [];
      for (const listener of due) listener();
    },
  };
  return wire satisfies Wire;
}

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

test("what is said within a turn leaves in one write, in order, each changing thing once and at its newest", async () => {
  const wire = fakeWire();
  const writer = createTurnWriter(wire);
  writer.changed("tally", () => bytes("old"));
  writer.send(bytes("a"));
  writer.changed("tally", () => bytes("new"));
  writer.changed("other", () => null);
  writer.send(bytes("b"));
  expect(wire.writes).toEqual([]);
  await turn();
  expect(wire.writes).toEqual(["abnew"]);
  await turn();
  expect(wire.writes).toHaveLength(1);
});

test("a reader that is behind gets what must arrive, and of the rest only the newest, once it has drained", async () => {
  const wire = fakeWire();
  const writer = createTurnWriter(wire);
  wire.writableLength = HIGH_WATER_BYTES + 1;
  for (const text of ["1", "2", "3"]) {
    writer.changed("tally", () => bytes(text));
    writer.send(bytes("ack"));
    await turn();
  }
  expect(wire.writes).toEqual(["ack", "ack", "ack"]);
  wire.drain();
  expect(wire.writes.slice(3)).toEqual(["3"]);
});

test("a reader that takes nothing for too long is given up", () => {
  const wire = fakeWire();
  const writer = createTurnWriter(wire);
  wire.writableLength = MAX_WAITING_BYTES;
  expect(writer.send(bytes("a"))).toBe(true);
  expect(writer.send(bytes("b"))).toBe(false);
});

test("nothing is written to a socket that is gone", async () => {
  const wire = fakeWire();
  const writer = createTurnWriter(wire);
  writer.send(bytes("a"));
  writer.changed("tally", () => bytes("b"));
  wire.destroyed = true;
  await turn();
  expect(wire.writes).toEqual([]);
});

test("whatever the order of events, acks all arrive once and in order, and the last tally is the newest", async () => {
  const events = fc.array(fc.constantFrom("ack", "tally", "behind", "drain", "turn"), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(events, async (steps) => {
      const wire = fakeWire();
      const writer = createTurnWriter(wire);
      let [acks, tallies] = [0, 0];
      for (const step of steps) {
        if (step === "ack") writer.send(bytes(`a${++acks};`));
        if (step === "tally") {
          const number = ++tallies;
          writer.changed("tally", () => bytes(`t${number};`));
        }
        if (step === "behind") wire.writableLength = HIGH_WATER_BYTES + 1;
        if (step === "drain") wire.drain();
        if (step === "turn") await turn();
      }
      await turn();
      wire.drain();
      await turn();
      const told = wire.writes.join("").split(";").slice(0, -1);
      expect(told.filter((word) => word.startsWith("a"))).toEqual(
        Array.from({ length: acks }, (_, at) => `a${at + 1}`),
      );
      expect(told.findLast((word) => word.startsWith("t"))).toBe(tallies === 0 ? undefined : `t${tallies}`);
    }),
    { numRuns: 60 },
  );
});

test.each([0, 125, 126, 65_535])("a message of %i bytes is framed as RFC 6455 says", (length) => {
  const framed = frameOnce(new Uint8Array(length).fill(7));
  const head = length > 125 ? [0x82, 126, length >> 8, length & 255] : [0x82, length];
  expect([...framed.subarray(0, head.length)]).toEqual(head);
  expect(framed.length).toBe(head.length + length);
});

test("a message too long for the protocol is a bug, not a frame", () => {
  expect(() => frameOnce(new Uint8Array(65_536))).toThrow("does not fit");
});

test("a real socket that stops reading is held back, and gets the newest when it reads on", async () => {
  const accepted = Promise.withResolvers<Socket>();
  const server = createServer(accepted.resolve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const client = connect(address.port, "127.0.0.1");
  client.pause();
  const wire = await accepted.promise;
  const writer = createTurnWriter(wire);
  for (let at = 0; wire.writableLength <= HIGH_WATER_BYTES && at < 2_000; at++) {
    writer.send(new Uint8Array(60_000));
    await turn();
  }
  let picked = 0;
  for (let at = 0; at < 100; at++) {
    writer.changed("tally", () => {
      picked += 1;
      return bytes(`newest ${at}`);
    });
    await turn();
  }
  expect(picked).toBe(0);
  let tail = "";
  client.on("data", (chunk: Buffer) => (tail = (tail + chunk.toString("latin1")).slice(-20)));
  client.resume();
  await vi.waitUntil(() => tail.endsWith("newest 99"), { timeout: 10_000 });
  expect(picked).toBe(1);
  client.destroy();
  server.close();
});
