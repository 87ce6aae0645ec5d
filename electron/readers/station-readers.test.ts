import { expect, test } from "vitest";
import type { Tap } from "../tap/presence.ts";
import { createStationReaders, type TapPlace } from "./station-readers.ts";

/** A clock that stands until it is told to go on. */
function manualClock() {
  let nowMs = 0;
  let timers: { atMs: number; run: () => void }[] = [];
  return {
    monotonicMs: () => nowMs,
    setTimer(run: () => void, delayMs: number) {
      const timer = { atMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
    goOn(byMs: number) {
      const untilMs = nowMs + byMs;
      for (;;) {
        const [next] = timers.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        nowMs = next.atMs;
        next.run();
      }
      nowMs = untilMs;
    },
  };
}

const TAG = Uint8Array.of(1, 2, 3, 4);

test("the same tag lying on the reader for a minute is one tap", () => {
  const clock = manualClock();
  const taps: [Tap, TapPlace][] = [];
  const readers = createStationReaders({
    ...clock,
    onTap: (tap, place) => taps.push([tap, place]),
    onMisread: () => {},
    onReaders: () => {},
  });
  // A brisk tap rests for a quarter of a second; this one is renewed before it could have left.
  for (let held = 0; held < 60_000; held += 195) {
    readers.tapVirtual(3, TAG);
    clock.goOn(195);
  }
  expect(taps.map(([, place]) => place.slot)).toEqual([3]);
});

test("taken away and presented again, it is a second tap", () => {
  const clock = manualClock();
  const taps: Tap[] = [];
  const readers = createStationReaders({
    ...clock,
    onTap: (tap) => taps.push(tap),
    onMisread: () => {},
    onReaders: () => {},
  });
  readers.tapVirtual(1, TAG);
  clock.goOn(2_000);
  readers.tapVirtual(1, TAG);
  clock.goOn(2_000);
  expect(taps).toHaveLength(2);
});
