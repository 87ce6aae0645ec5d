import { expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { createField } from "../tap/presence.ts";
import { createVirtualReader, VIRTUAL_SAME_TAP_MS } from "./virtual.ts";

const TAG = Uint8Array.of(0x3c, 0, 0xce, 0x75, 0x4c);

/** A virtual reader whose sightings go through presence; `pass` moves the clock. */
function rig() {
  const timers: { dueMs: number; run: () => void }[] = [];
  const told: string[] = [];
  let nowMs = 0;
  const field = createField(VIRTUAL_SAME_TAP_MS);
  const virtual = createVirtualReader(
    1,
    {
      onSighting: ({ kind, uid }) => {
        const tap = field.take({ kind, uid, atMs: nowMs });
        told.push("sighting", ...(tap === null ? [] : [`tap ${toHex(tap.uid)}`]));
      },
      onBadFrame: () => told.push("bad"),
      onState: (state) => told.push(state.kind),
    },
    (delayMs, run) => {
      const timer = { dueMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
  );
  return {
    ...virtual,
    told,
    taps: () => told.filter((word) => word.startsWith("tap")),
    pass: (ms: number) => {
      const untilMs = nowMs + ms;
      for (let timer = timers[0]; timer !== undefined && timer.dueMs <= untilMs; timer = timers[0]) {
        timers.shift();
        nowMs = timer.dueMs;
        timer.run();
      }
      nowMs = untilMs;
    },
  };
}

test("one touch of the panel is one tap, though the tag is seen several times as on a real reader", () => {
  const { tap, pass, told, taps } = rig();
  tap(TAG);
  pass(1000);
  expect(told.filter((word) => word === "sighting").length).toBeGreaterThan(1);
  expect(taps()).toEqual(["tap 3c00ce754c"]);
});

test("two touches with a pause are two taps", () => {
  const { tap, pass, taps } = rig();
  tap(TAG);
  pass(2000);
  tap(TAG);
  pass(2000);
  expect(taps()).toHaveLength(2);
});

test("it is present, and after stop it is deaf", async () => {
  const { reader, tap, pass, told } = rig();
  await Promise.resolve();
  expect(told).toEqual(["present"]);
  tap(TAG);
  await reader.stop();
  const sofar = told.length;
  tap(TAG);
  pass(1000);
  expect(told).toHaveLength(sofar);
});
