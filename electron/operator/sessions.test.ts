import { expect, test } from "vitest";
import { createManualClock } from "../clock.testing.ts";
import { IDLE_MS, createSessions, type EndWhy } from "./sessions.ts";

function start() {
  const clock = createManualClock();
  const ended: EndWhy[] = [];
  let last = 0;
  const sessions = createSessions({
    newId: () => `id-${++last}`,
    nowMs: clock.uptimeMs,
    setTimer: clock.setTimer,
    onEnd: (why) => void ended.push(why),
  });
  return { clock, ended, sessions };
}

test("a session ends when nothing was done for ten minutes, by itself; looking is not doing", () => {
  const { clock, ended, sessions } = start();
  const id = sessions.begin();
  let told = 0;
  sessions.atEnd(id, () => told++);
  clock.goOn(IDLE_MS - 1_000);
  expect(sessions.use(id)).toBe(true);
  clock.goOn(IDLE_MS - 1_000);
  expect([sessions.has(id), told]).toEqual([true, 0]);
  clock.goOn(2_000);
  expect([told, ended, sessions.has(id), sessions.use(id)]).toEqual([1, ["idle"], false, false]);
  expect(clock.set()).toBe(0);
});

test("a computer that slept finds it ended", () => {
  const { clock, sessions } = start();
  const id = sessions.begin();
  clock.sleep(IDLE_MS + 1_000);
  expect(sessions.use(id)).toBe(false);
});

test("there are four at most; the one unused for longest goes", () => {
  const { clock, sessions } = start();
  const ids = Array.from({ length: 4 }, () => {
    clock.goOn(1_000);
    return sessions.begin();
  });
  sessions.use(ids[0] ?? "");
  const fifth = sessions.begin();
  expect([...ids, fifth].map(sessions.has)).toEqual([true, false, true, true, true]);
});

test("whoever leaves is out at once, whoever never came in stays out", () => {
  const { ended, sessions } = start();
  const id = sessions.begin();
  let told = 0;
  const forget = sessions.atEnd(id, () => told++);
  sessions.atEnd(id, () => (told += 10));
  forget();
  sessions.end(id);
  sessions.end("id-7");
  expect([sessions.has(id), sessions.has("id-7"), told, ended]).toEqual([false, false, 10, ["left"]]);
});

test("all but one can be ended", () => {
  const { ended, sessions } = start();
  const ids = Array.from({ length: 3 }, () => sessions.begin());
  sessions.endOthers(ids[1] ?? "");
  expect([ids.map(sessions.has), ended]).toEqual([
    [false, true, false],
    ["left", "left"],
  ]);
});
