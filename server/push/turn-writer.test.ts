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

/** A writer, and how often its reader was given up. */
function writerTo(wire: Wire) {
  const told = { hopeless: 0 };
  return { told, writer: createTurnWriter(wire, () => void told.hopeless++) };
}

test("what must arrive leaves in one write when the turn ends, in order", async () => {
  const wire = fakeWire();
  const { writer } = writerTo(wire);
  writer.send(bytes("a"));
  writer.send(bytes("b"));
  expect(wire.writes).toEqual([]);
  await turn();
  expect(wire.writes).toEqual(["ab"]);
  await turn();
  expect(wire.writes).toHaveLength(1);
});

test("what is offered leaves at once, behind what must arrive and in the same write", async () => {
  const wire = fakeWire();
  const { writer } = writerTo(wire);
  writer.send(bytes("a"));
  expect(writer.offer(bytes("tally"))).toBe(true);
  expect(writer.offer(bytes("next"))).toBe(true);
  expect(wire.writes).toEqual(["atally", "next"]);
  await turn();
  expect(wire.writes).toHaveLength(2);
});

test("whoever has more to offer is asked before a turn ends in which something was sent, so that it leaves in one write", async () => {
  const wire = fakeWire();
  const { writer } = writerTo(wire);
  writer.beforeEnd(() => void writer.offer(bytes("tally")));
  await turn();
  expect(wire.writes).toEqual([]);
  writer.send(bytes("a"));
  await turn();
  expect(wire.writes).toEqual(["atally"]);
});

test("a reader that is behind gets what must arrive, takes no offer, and says once when it has drained", async () => {
  const wire = fakeWire();
  const { writer } = writerTo(wire);
  wire.writableLength = HIGH_WATER_BYTES + 1;
  let drained = 0;
  for (let at = 0; at < 3; at++) {
    expect(writer.offer(bytes("tally"))).toBe(false);
    writer.onceDrained(() => void drained++);
    writer.send(bytes("ack"));
    await turn();
  }
  expect(wire.writes).toEqual(["ack", "ack", "ack"]);
  wire.drain();
  wire.drain();
  expect(drained).toBe(1);
  expect(writer.hasRoom()).toBe(true);
  writer.onceDrained(() => void drained++);
  wire.drain();
  expect(drained).toBe(2);
});

test("a reader that takes nothing for too long is given up", () => {
  const wire = fakeWire();
  const { writer, told } = writerTo(wire);
  wire.writableLength = MAX_WAITING_BYTES;
  expect(writer.send(bytes("a"))).toBe(true);
  expect(told.hopeless).toBe(0);
  expect(writer.send(bytes("b"))).toBe(false);
  expect(told.hopeless).toBe(1);
});

test("nothing is written to a socket that is gone", async () => {
  const wire = fakeWire();
  const { writer } = writerTo(wire);
  writer.send(bytes("a"));
  wire.destroyed = true;
  writer.offer(bytes("b"));
  writer.offer(bytes("c"));
  writer.send(bytes("d"));
  await turn();
  expect(wire.writes).toEqual([]);
});

test("whatever the order of events, acks all arrive once and in order, each before what was offered after it", async () => {
  const events = fc.array(fc.constantFrom("ack", "tally", "behind", "drain", "turn"), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(events, async (steps) => {
      const wire = fakeWire();
      const { writer } = writerTo(wire);
      let [acks, tallies] = [0, 0];
      const expected: string[] = [];
      for (const step of steps) {
        if (step === "ack") {
          writer.send(bytes(`a${++acks};`));
          expected.push(`a${acks}`);
        }
        if (step === "tally" && writer.offer(bytes(`t${++tallies};`))) expected.push(`t${tallies}`);
        if (step === "behind") wire.writableLength = HIGH_WATER_BYTES + 1;
        if (step === "drain") wire.drain();
        if (step === "turn") await turn();
      }
      await turn();
      expect(wire.writes.join("").split(";").slice(0, -1)).toEqual(expected);
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
  const { writer } = writerTo(wire);
  for (let at = 0; wire.writableLength <= HIGH_WATER_BYTES && at < 2_000; at++) {
    writer.send(new Uint8Array(60_000));
    await turn();
  }
  let taken = 0;
  let newest = "";
  const offer = () => void (writer.offer(bytes(newest)) && taken++);
  for (let at = 0; at < 100; at++) {
    newest = `newest ${at}`;
    offer();
    writer.onceDrained(offer);
    await turn();
  }
  expect(taken).toBe(0);
  let tail = "";
  client.on("data", (chunk: Buffer) => (tail = (tail + chunk.toString("latin1")).slice(-20)));
  client.resume();
  await vi.waitUntil(() => tail.endsWith("newest 99"), { timeout: 10_000 });
  expect(taken).toBe(1);
  client.destroy();
  server.close();
});
