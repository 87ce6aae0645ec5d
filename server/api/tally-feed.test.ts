import { expect, test } from "vitest";
import type { Tally } from "../../shared/api/polls.ts";
import type { PollRow } from "../../shared/domain/projection.ts";
import type { Committed } from "../ledger/ledger.ts";
import { TALLY_EVERY_MS } from "../push/feed.ts";
import { STUCK_MS } from "./limits.ts";
import { createTallyFeed } from "./tally-feed.ts";

const POLL = "0".repeat(32);
const row = (cursor: number, tally = [cursor, 0]): PollRow => ({
  id: POLL,
  hash: "0".repeat(64),
  options: 2,
  counts: "first",
  upTo: 1,
  results: "live",
  groups: [],
  randomUids: "refuse",
  tagless: false,
  certify: "by-itself",
  round: 1,
  first: null,
  state: "open",
  moves: 1,
  windows: [],
  closed: null,
  barrier: null,
  tally,
  unsynced: 0,
  late: 0,
  latestMs: 0,
  stateCursor: 1,
  tallyCursor: cursor,
});
const committed = (cursor: number) => commitOf(cursor, row(cursor));
const commitOf = (cursor: number, poll: PollRow): Committed => ({
  cursor,
  polls: [poll],
  stations: [],
  branches: [],
  roll: null,
  keyDestroyed: null,
  lfBits: 32,
});

function manualTime() {
  let nowMs = 0;
  let timers: { atMs: number; run: () => void }[] = [];
  return {
    clock: () => nowMs,
    setTimer(run: () => void, delayMs: number) {
      const timer = { atMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
    pass(ms: number) {
      const untilMs = nowMs + ms;
      for (;;) {
        const [next] = timers.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        nowMs = next.atMs;
        timers = timers.filter((other) => other !== next);
        next.run();
      }
      nowMs = untilMs;
    },
  };
}

function screen() {
  const frames: string[] = [];
  const state = { full: false, ended: false, destroyed: false };
  const receiver = {
    write: (text: string) => void frames.push(text),
    hasRoom: () => !state.full,
    end: () => void (state.ended = true),
    destroy: () => void (state.destroyed = true),
  };
  return { receiver, frames, state, ids: () => frames.flatMap((text) => /^id: (\d+)/.exec(text)?.[1] ?? []) };
}

test("a screen gets the whole tally first, as one framed event with the cursor as id", () => {
  const feed = createTallyFeed(manualTime());
  const { receiver, frames } = screen();
  feed.join(row(7), receiver, undefined);
  expect(frames).toHaveLength(1);
  const [, id, data = ""] = /^id: (\d+)\nevent: tally\ndata: (.+)\n\n$/.exec(frames[0] ?? "") ?? [];
  expect(id).toBe("7");
  expect(JSON.parse(data)).toEqual({
    poll: POLL,
    cursor: 7,
    state: "open",
    counts: [7, 0],
    total: 7,
    provisional: true,
    unsynchronised: 0,
    late: 0,
  });
});

test("a screen that comes back with the present id gets nothing until something changes", () => {
  const feed = createTallyFeed(manualTime());
  const present = screen();
  const past = screen();
  feed.join(row(7), present.receiver, "7");
  feed.join(row(7), past.receiver, "6");
  expect([present.ids(), past.ids()]).toEqual([[], ["7"]]);
  feed.onCommit(committed(8));
  expect(present.ids()).toEqual(["8"]);
});

test("a certified tally says that it is final, and after it only how many came late", () => {
  const time = manualTime();
  const feed = createTallyFeed(time);
  const { receiver, frames } = screen();
  feed.join(row(7), receiver, undefined);
  const final: PollRow = { ...row(7), state: "certified", stateCursor: 9 };
  for (const [cursor, late] of [
    [9, 0],
    [10, 2],
    [11, 2],
  ] as const) {
    time.pass(1000);
    feed.onCommit(commitOf(cursor, { ...final, late }));
  }
  const told = frames.map((frame) => JSON.parse(/^data: (.+)$/m.exec(frame)?.[1] ?? "") as Tally);
  expect(told).toMatchObject([
    { provisional: true, late: 0 },
    { provisional: false, state: "certified", counts: [7, 0], cursor: 9, late: 0 },
    { provisional: false, counts: [7, 0], cursor: 9, late: 2 },
  ]);
  expect(told).toHaveLength(3);
});

test("the first change goes out at once, then at most twenty a second, and the newest always arrives", () => {
  const time = manualTime();
  const feed = createTallyFeed(time);
  const { receiver, ids } = screen();
  feed.join(row(1), receiver, undefined);
  time.pass(1000);
  feed.onCommit(committed(2));
  expect(ids()).toEqual(["1", "2"]);
  for (let cursor = 3; cursor <= 1002; cursor++) {
    feed.onCommit(committed(cursor));
    time.pass(1);
  }
  time.pass(TALLY_EVERY_MS);
  expect(ids().length).toBeLessThanOrEqual(2 + 21);
  expect(ids().at(-1)).toBe("1002");
});

test("all screens of a poll get the very same text", () => {
  const time = manualTime();
  const feed = createTallyFeed(time);
  const screens = [screen(), screen(), screen()];
  for (const { receiver } of screens) feed.join(row(1), receiver, undefined);
  time.pass(1000);
  feed.onCommit(committed(2));
  expect(new Set(screens.map(({ frames }) => frames.join())).size).toBe(1);
});

test("a screen that does not drain is not queued for, and gets only the newest when it has room", () => {
  const time = manualTime();
  const feed = createTallyFeed(time);
  const slow = screen();
  const quick = screen();
  const membership = feed.join(row(1), slow.receiver, undefined);
  feed.join(row(1), quick.receiver, undefined);
  slow.state.full = true;
  for (let cursor = 2; cursor <= 50; cursor++) {
    time.pass(TALLY_EVERY_MS);
    feed.onCommit(committed(cursor));
  }
  expect([slow.ids(), quick.ids().length]).toEqual([["1"], 50]);
  slow.state.full = false;
  membership.drained();
  expect(slow.ids()).toEqual(["1", "50"]);
});

test("a screen that took nothing for a minute loses its place; one that keeps up gets heartbeats", () => {
  const time = manualTime();
  const feed = createTallyFeed(time);
  const stuck = screen();
  const well = screen();
  feed.join(row(1), stuck.receiver, undefined);
  feed.join(row(1), well.receiver, undefined);
  stuck.state.full = true;
  time.pass(TALLY_EVERY_MS);
  feed.onCommit(committed(2));
  time.pass(STUCK_MS - 1);
  feed.beat();
  expect(stuck.state.destroyed).toBe(false);
  time.pass(1);
  feed.beat();
  expect([stuck.state.destroyed, well.state.destroyed]).toEqual([true, false]);
  expect(well.frames.at(-1)).toBe(":\n\n");
});

test("a commit that came while a screen was joining is not lost", () => {
  const feed = createTallyFeed(manualTime());
  const readBefore = row(7);
  feed.onCommit(committed(8));
  const { receiver, ids } = screen();
  feed.join(readBefore, receiver, undefined);
  expect(ids()).toEqual(["8"]);
});

test("who has left gets nothing more and is not counted", () => {
  const time = manualTime();
  const feed = createTallyFeed(time);
  const { receiver, ids } = screen();
  const membership = feed.join(row(1), receiver, undefined);
  membership.leave();
  membership.leave();
  time.pass(1000);
  feed.onCommit(committed(2));
  expect([ids(), feed.size()]).toEqual([["1"], 0]);
});
