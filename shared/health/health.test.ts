import { expect, test } from "vitest";
import { CLOCK_BACK_MS, LOOK_EVERY_MS, LOW_BYTES, watchMachine, type MachineChange } from "./machine.ts";
import { createParts, degraded, failing, withoutReasons, worstOf } from "./parts.ts";

test("a part says what is wrong and since when, and keeps that time while it stays so", () => {
  let nowMs = Date.parse("2026-05-01T09:00:00Z");
  const part = createParts(() => nowMs);
  expect(part("disk", null)).toEqual({ status: "ok" });
  const since = new Date(nowMs).toISOString();
  expect(part("disk", degraded("Nearly full."))).toEqual({ status: "degraded", reason: "Nearly full.", since });
  nowMs += 60_000;
  expect(part("disk", degraded("Fuller."))).toEqual({ status: "degraded", reason: "Fuller.", since });
  expect(part("disk", failing("Full."))).toMatchObject({ status: "failing", since: "2026-05-01T09:01:00.000Z" });
  expect(part("disk", null)).toEqual({ status: "ok" });
  expect(part("disk", failing("Full."))).toMatchObject({ since: "2026-05-01T09:01:00.000Z" });
});

test("the whole is as its worst part, and strangers hear nothing of why", () => {
  const well = { status: "ok" } as const;
  const ill = { status: "degraded", reason: "At /home/ada", since: "2026-05-01T09:00:00.000Z" } as const;
  expect(worstOf({ a: well, b: well })).toBe("ok");
  expect(worstOf({ a: ill, b: well })).toBe("degraded");
  expect(worstOf({ a: ill, b: { ...ill, status: "failing" } })).toBe("failing");
  expect(withoutReasons({ a: well, b: ill })).toEqual({ a: { status: "ok" }, b: { status: "degraded" } });
});

function openTestMachine() {
  let free: number | Error = LOW_BYTES * 10;
  let behindMs = 0;
  const timers: (() => void)[] = [];
  const notes: MachineChange[] = [];
  const delays: number[] = [];
  const machine = watchMachine({
    freeBytes: async () => {
      if (free instanceof Error) throw free;
      return free;
    },
    clockBehindMs: () => behindMs,
    setTimer(run, delayMs) {
      delays.push(delayMs);
      timers.push(run);
      return () => void timers.splice(timers.indexOf(run), 1);
    },
    note: (change) => void notes.push(change),
  });
  const look = async () => {
    timers.shift()?.();
    await Promise.resolve();
    await Promise.resolve();
  };
  return {
    machine,
    notes,
    timers,
    delays,
    look,
    fill: (to: number | Error) => void (free = to),
    putBack: (ms: number) => void (behindMs = ms),
  };
}

test("a disk that fills is told of once, and once when it has room again", async () => {
  const { machine, notes, look, fill, delays } = openTestMachine();
  await look();
  expect(machine.disk()).toBeNull();
  fill(LOW_BYTES - 1);
  await look();
  await look();
  expect(machine.disk()).toMatchObject({ status: "degraded", reason: expect.stringContaining("200 MB") });
  // A little more is not room.
  fill(LOW_BYTES + 1);
  await look();
  fill(LOW_BYTES * 2);
  await look();
  expect(machine.disk()).toBeNull();
  expect(notes.map(({ kind }) => kind)).toEqual(["disk.low", "disk.roomy"]);
  expect(new Set(delays)).toEqual(new Set([LOOK_EVERY_MS]));
});

test("a file system that does not say how full it is, is no trouble", async () => {
  const { machine, look, fill } = openTestMachine();
  fill(new Error("ENOSYS"));
  await look();
  await look();
  expect([machine.disk(), machine.freeBytes()]).toEqual([null, null]);
});

test("a clock that was put back is told of, until it has caught up", async () => {
  const { machine, notes, putBack } = openTestMachine();
  putBack(CLOCK_BACK_MS);
  expect(machine.clock()).toBeNull();
  putBack(CLOCK_BACK_MS + 1);
  expect(machine.clock()).toMatchObject({ status: "degraded" });
  expect(machine.clock()).toMatchObject({ status: "degraded" });
  expect(notes).toEqual([{ kind: "clock.behind", byMs: CLOCK_BACK_MS + 1 }]);
  putBack(0);
  expect(machine.clock()).toBeNull();
});

test("stopped, it looks no more", async () => {
  const { machine, timers, look } = openTestMachine();
  await look();
  machine.stop();
  expect(timers).toEqual([]);
});
