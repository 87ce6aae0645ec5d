import { expect, test } from "vitest";
import { ascii, toHex } from "../../../shared/bytes.ts";
import type { ReaderState } from "../driver.ts";
import { parseReaderSpec, type SerialSpec } from "../spec.ts";
import type { PathLook } from "./connection.ts";
import type { PortEvents, PortOpening, SerialDeps } from "./port.ts";
import { openSerialReader } from "./serial-reader.ts";

const FRAME = ascii("\x023C00CE754CCB\x03");
const UID = "3c00ce754c";

function spec(): SerialSpec {
  const parsed = parseReaderSpec("serial:/dev/x?protocol=rdm6300");
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.spec;
}

/** A port, a path and timers in the test's hands. */
function rig(firstLook: PathLook = { kind: "device", mark: "1" }) {
  const openings: { events: PortEvents; baud: number; settle: (opening: PortOpening) => void }[] = [];
  const timers: { dueMs: number; run: () => void }[] = [];
  const told: string[] = [];
  let closed = 0;
  let alsoTell = (): void => {};
  let nowMs = 0;
  let look = firstLook;

  const deps: SerialDeps = {
    openPort: (_path, baud, events) =>
      new Promise((settle) => {
        openings.push({ events, baud, settle });
      }),
    lookAtPath: () => Promise.resolve(look),
    after: (delayMs, run) => {
      const timer = { dueMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => {
        if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1);
      };
    },
    random: () => 0.5,
  };
  const reader = openSerialReader(
    spec(),
    {
      onSighting: (sighting) => told.push(toHex(sighting.uid)),
      onBadFrame: () => told.push("bad"),
      onState: (state: ReaderState) => {
        told.push(state.kind === "lost" ? state.reason : "present");
        alsoTell();
      },
    },
    deps,
  );
  /** Everything that promises alone set going has happened. */
  const settled = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return {
    reader,
    told,
    timers,
    openings,
    closed: () => closed,
    onTold: (run: () => void) => {
      alsoTell = run;
    },
    lookFinds: (found: PathLook) => {
      look = found;
    },
    settled,
    opens: async (close: () => Promise<void> = () => Promise.resolve()) => {
      await settled();
      openings.at(-1)?.settle({
        ok: true,
        port: {
          close: () => {
            closed += 1;
            return close();
          },
        },
      });
      await settled();
    },
    pass: async (ms: number) => {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = timers.filter((timer) => timer.dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs)[0];
        if (next === undefined) break;
        timers.splice(timers.indexOf(next), 1);
        nowMs = next.dueMs;
        next.run();
        await settled();
      }
      nowMs = untilMs;
    },
  };
}

test("bytes of an open port become sightings, repeats included, and bad frames are counted", async () => {
  const { openings, opens, told } = rig();
  await opens();
  const port = openings[0]?.events;
  port?.onBytes(FRAME.subarray(0, 5));
  port?.onBytes(FRAME.subarray(5));
  port?.onBytes(ascii("\x02100026F44426\x03"));
  port?.onBytes(FRAME);
  expect(told).toEqual(["present", UID, "bad", UID]);
  expect(openings[0]?.baud).toBe(9600);
});

test("half a frame before an unplug and half after it are no frame", async () => {
  const { openings, opens, pass, told } = rig();
  await opens();
  openings[0]?.events.onBytes(FRAME.subarray(0, 5));
  openings[0]?.events.onGone({ kind: "unplugged" });
  await pass(250);
  await opens();
  openings[1]?.events.onBytes(FRAME.subarray(5));
  openings[1]?.events.onBytes(FRAME);
  expect(told).toEqual(["present", "/dev/x was unplugged: plug the reader in again", "present", UID]);
});

test("bytes that come late from a port that is gone are not a sighting", async () => {
  const { openings, opens, told } = rig();
  await opens();
  openings[0]?.events.onGone({ kind: "unplugged" });
  openings[0]?.events.onBytes(FRAME);
  expect(told).not.toContain(UID);
});

test("a path that is not there is not opened, until it is", async () => {
  const { openings, lookFinds, settled, pass, opens, told } = rig({ kind: "missing" });
  await settled();
  await pass(10_000);
  expect(openings).toHaveLength(0);
  lookFinds({ kind: "device", mark: "1" });
  await pass(2000);
  await opens();
  expect(told).toEqual(["/dev/x is not there: plug the reader in, or check the path", "present"]);
});

test("an unplug that fires nothing is noticed within two seconds, and the dead port is closed", async () => {
  const { lookFinds, opens, pass, told, closed } = rig();
  await opens();
  await pass(60_000);
  expect(told).toEqual(["present"]);
  lookFinds({ kind: "missing" });
  await pass(2000);
  expect(told[1]).toContain("was unplugged");
  expect(closed()).toBe(1);
});

test("a port that goes in the moment it opens is lost, not present for ever", async () => {
  const { openings, opens, settled, told } = rig();
  await settled();
  openings[0]?.events.onGone({ kind: "unplugged" });
  await opens();
  expect(told).toEqual(["present", "/dev/x was unplugged: plug the reader in again"]);
});

test("stop closes the port, leaves no timer, and nothing opens again", async () => {
  const { reader, opens, pass, timers, closed, openings } = rig();
  await opens();
  await reader.stop();
  expect(closed()).toBe(1);
  expect(timers).toEqual([]);
  openings[0]?.events.onGone({ kind: "unplugged" });
  await pass(60_000);
  expect(openings).toHaveLength(1);
});

test("stop while waiting to try again is over at once", async () => {
  const { reader, settled, timers, openings } = rig({ kind: "missing" });
  await settled();
  await reader.stop();
  expect(timers).toEqual([]);
  expect(openings).toEqual([]);
});

test("stop while an open is under way ends in bounded time, and the late port is closed", async () => {
  const { reader, settled, opens, pass, closed, told } = rig();
  await settled();
  let stopped = false;
  const stopping = reader.stop().finally(() => {
    stopped = true;
  });
  await settled();
  expect(stopped).toBe(false);
  await pass(1000);
  await stopping;
  await opens();
  expect(closed()).toBe(1);
  expect(told).toEqual([]);
});

test("stop ends in bounded time when the port does not close", async () => {
  const { reader, opens, pass } = rig();
  await opens(() => new Promise(() => {}));
  const stopping = reader.stop();
  await pass(1000);
  await expect(stopping).resolves.toBeUndefined();
});

test("whoever stops it on being told of a loss leaves no timer behind", async () => {
  const { reader, opens, openings, timers, onTold } = rig();
  await opens();
  onTold(() => void reader.stop());
  openings[0]?.events.onGone({ kind: "unplugged" });
  await Promise.resolve();
  await reader.stop();
  expect(timers).toEqual([]);
});

test("stop twice is stop", async () => {
  const { reader, opens, closed } = rig();
  await opens();
  await Promise.all([reader.stop(), reader.stop()]);
  expect(closed()).toBe(1);
});
