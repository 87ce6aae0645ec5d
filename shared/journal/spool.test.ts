import { expect, test } from "vitest";
import { LAST_WRITE_MS, MAX_WAITING_LINES, REST_MS, createSpool, type LineFile } from "./spool.ts";

function openTestSpool() {
  let nowMs = 0;
  let disk: "good" | "full" | "hangs" | "gone" = "good";
  const timers: { atMs: number; run: () => void }[] = [];
  const onDisk: string[] = [];
  const appended: string[] = [];
  const failures: unknown[] = [];
  const lost: number[] = [];
  let ends = 0;
  const spool = createSpool({
    open(): LineFile {
      if (disk === "gone") throw new Error("EROFS");
      return {
        write(text, done) {
          if (disk === "hangs") return;
          if (disk === "full") return done(new Error("ENOSPC"));
          onDisk.push(text);
          done();
        },
        end(done) {
          ends++;
          if (disk !== "hangs") done();
        },
      };
    },
    appendNow: (text) => void appended.push(text),
    monotonicMs: () => nowMs,
    setTimer(run, delayMs) {
      timers.push({ atMs: nowMs + delayMs, run });
      return () => {};
    },
    onFailing: (error) => void failures.push(error),
    onLost: (lines) => void lost.push(lines),
  });
  const pass = (ms: number) => {
    nowMs += ms;
    for (const { run } of timers.filter(({ atMs }) => atMs <= nowMs)) run();
  };
  return {
    spool,
    pass,
    onDisk,
    appended,
    failures,
    lost,
    ends: () => ends,
    turn: (state: typeof disk) => void (disk = state),
  };
}

test.each(["full", "gone"] as const)("a disk that is %s costs lines, which are counted; then it goes on", (trouble) => {
  const { spool, turn, onDisk, failures, lost, pass } = openTestSpool();
  turn(trouble);
  for (const line of ["a", "b", "c"]) spool.write(line);
  expect(failures).toHaveLength(1);
  expect([spool.failingSinceMs(), spool.lost()]).toEqual([0, 3]);
  turn("good");
  spool.write("d");
  expect([onDisk, spool.lost()]).toEqual([[], 4]);
  pass(REST_MS);
  spool.write("e");
  expect([onDisk, lost, spool.failingSinceMs()]).toEqual([["e"], [4], null]);
});

test("a disk that stays full is not told of again and again", () => {
  const { spool, turn, failures, pass } = openTestSpool();
  turn("full");
  for (let i = 0; i < 5; i++) {
    spool.write("x");
    pass(REST_MS);
  }
  expect(failures).toHaveLength(1);
});

test("a disk that hangs is given no more than a bound, and is not waited for at the end", async () => {
  const { spool, turn, pass } = openTestSpool();
  turn("hangs");
  for (let i = 0; i < MAX_WAITING_LINES + 7; i++) spool.write("x");
  expect(spool.lost()).toBe(7);
  const closed = spool.close();
  pass(LAST_WRITE_MS);
  await closed;
});

test("what waits is appended at once when the program ends by a mistake", () => {
  const { spool, turn, appended } = openTestSpool();
  turn("hangs");
  spool.write("one\n");
  spool.write("two\n");
  spool.flushNow();
  expect(appended).toEqual(["one\ntwo\n"]);
});

test("closed, the file is ended once, and what comes later is lost without harm", async () => {
  const { spool, ends, onDisk } = openTestSpool();
  spool.write("one");
  await spool.close();
  await spool.close();
  spool.write("two");
  expect([ends(), onDisk, spool.lost()]).toEqual([1, ["one"], 1]);
});
