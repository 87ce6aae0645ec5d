import { expect, test } from "vitest";
import type { ScreenDamage } from "../../shared/events/stream.ts";
import { createAsideWatch } from "./aside-watch.ts";

function watchOf(list: () => string[]) {
  const told: ScreenDamage[] = [];
  let tick = () => {};
  const setTicker = (run: () => void) => {
    tick = run;
    return () => (tick = () => {});
  };
  const watch = createAsideWatch({ list, setTicker, onDamage: (damage) => void told.push(damage) });
  const stop = watch.start();
  return { watch, told, stop, tick: () => tick() };
}

test("a kept file is told with the newest name until it is moved away, and each change once", () => {
  let files = ["log.damaged-1.sqlite"];
  const { watch, told, stop, tick } = watchOf(() => files);
  expect(watch.now()).toEqual({ file: "log.damaged-1.sqlite", files: 1 });
  tick();
  files = ["log.damaged-1.sqlite", "log.replaced-2.sqlite"];
  watch.look();
  tick();
  files = [];
  tick();
  expect(told).toEqual([{ file: "log.replaced-2.sqlite", files: 2 }, null]);
  stop();
  files = ["log.damaged-3.sqlite"];
  tick();
  expect(told).toHaveLength(2);
});

test("a folder that cannot be read changes nothing of what was told", () => {
  let isGone = false;
  const { watch, told, tick } = watchOf(() => {
    if (isGone) throw new Error("ENOENT");
    return ["log.damaged-1.sqlite"];
  });
  isGone = true;
  tick();
  expect(watch.now()).toEqual({ file: "log.damaged-1.sqlite", files: 1 });
  expect(told).toEqual([]);
});
