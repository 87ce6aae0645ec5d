import { expect, test } from "vitest";
import { ascii, toHex } from "../../../shared/bytes.ts";
import { inEnglish } from "../../../shared/sentences/sentence.ts";
import type { ReaderState } from "../driver.ts";
import type { PathLook } from "../connection.ts";
import type { PortEvents, PortOpening, SerialDeps } from "./port.ts";
import { openSerialReader } from "./serial-reader.ts";
import { parseSerialSpec, type SerialSpec } from "./serial-spec.ts";

const FRAME = ascii("\x023C00CE754CCB\x03");
const UID = "3c00ce754c";

function spec(protocol: string): SerialSpec {
  const parsed = parseSerialSpec(`/dev/x?protocol=${protocol}`);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.value;
}

/** A port, a path and timers in the test's hands. */
function rig(firstLook: PathLook = { kind: "device", mark: "1" }, protocol = "rdm6300") {
  const openings: { events: PortEvents; baud: number; settle: (opening: PortOpening) => void }[] = [];
  const timers: { dueMs: number; run: () => void }[] = [];
  const told: string[] = [];
  let closed = 0;
  let alsoTell = (): void => {};
  let nowMs = 0;
  let sleptMs = 0;
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
    nowMs: () => nowMs + sleptMs,
    random: () => 0.5,
  };
  const reader = openSerialReader(
    spec(protocol),
    {
      onSighting: ({ tag }) => told.push(tag.form === "bytes" ? toHex(tag.bytes) : tag.digits),
      onBadFrame: () => told.push("bad"),
      onState: (state: ReaderState) => {
        told.push(state.kind === "lost" ? inEnglish(state.reason) : "present");
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
    sleep: (ms: number) => {
      sleptMs += ms;
    },
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
          write: () => void told.push("written to"),
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

test("a device that has to be asked is asked anew after sleep, one that speaks by itself is left alone", async () => {
  for (const [protocol, openings] of [
    ["sm130", 2],
    ["rdm6300", 1],
  ] as const) {
    const machine = rig({ kind: "device", mark: "1" }, protocol);
    await machine.opens();
    machine.openings[0]?.events.onBytes(Uint8Array.of(0xff, 0, 2, 0x81, 0x31, 0xb4));
    await machine.pass(100);
    machine.sleep(3_600_000);
    await machine.pass(1_500);
    expect([protocol, machine.openings.length]).toEqual([protocol, openings]);
    const said = machine.told.filter((word) => word.includes("after sleep"));
    expect(said).toHaveLength(openings - 1);
    const stopping = machine.reader.stop();
    await machine.pass(1000);
    await stopping;
  }
});

test("a device that has to be asked is present when it answered, not when its port opened", async () => {
  const { openings, opens, told } = rig({ kind: "device", mark: "1" }, "sm130");
  await opens();
  expect(told).toEqual(["written to"]);
  openings[0]?.events.onBytes(Uint8Array.of(0xff, 0, 2, 0x81, 0x31, 0xb4));
  expect(told).toEqual(["written to", "present", "written to"]);
});

test("one that opens after stop is closed without a word to it", async () => {
  const { reader, settled, opens, pass, told, closed } = rig({ kind: "device", mark: "1" }, "sm130");
  await settled();
  const stopping = reader.stop();
  await pass(1000);
  await stopping;
  await opens();
  expect([told, closed()]).toEqual([[], 1]);
});

test("the watch goes on while the device answers, and a silent one is opened again later each time", async () => {
  const { openings, opens, pass, told } = rig({ kind: "device", mark: "1" }, "sm130");
  await opens();
  await pass(1_500);
  expect(told.at(-1)).toContain("no SM130 answers");
  await pass(250);
  await opens();
  await pass(1_200 + 250);
  expect(openings).toHaveLength(2);
  await pass(250);
  expect(openings).toHaveLength(3);
});
