import fc from "fast-check";
import { expect, test } from "vitest";
import type { PollRow } from "../../shared/domain/projection.ts";
import { testPoll } from "../../shared/domain/testing.ts";
import { sha256 } from "../ledger/sha256.ts";
import { createTallyFrames, type TallyFrames } from "./poll-frames.ts";
import { createTallyTurns, type Reader, type ToldTally } from "./tally-turns.ts";
import type { TurnWriter } from "./turn-writer.ts";

const FACTS = [1, 2, 3].map((number) => testPoll(sha256, number).facts);
const POLLS = FACTS.length;

function rowOf(poll: number, tallyCursor: number, tally: number[]): PollRow {
  const facts = FACTS[poll];
  if (facts === undefined) throw new Error("no such poll");
  const { poll: id, ...rest } = facts;
  const standing = { state: "open" as const, moves: 1, windows: [], closed: null, barrier: null };
  return { ...rest, ...standing, id, tally, tallyCursor, unsynced: 0, late: 0, latestMs: 0, stateCursor: 1 };
}

/** A socket that takes all, or nothing until it has drained. */
function createSocket() {
  let drained: (() => void) | null = null;
  const socket = {
    room: true,
    taken: new Array<Uint8Array>(),
    drain() {
      socket.room = true;
      const run = drained;
      drained = null;
      run?.();
    },
  };
  const writer: TurnWriter = {
    send: () => true,
    offer: (framed) => socket.room && socket.taken.push(framed) > 0,
    hasRoom: () => socket.room,
    onceDrained: (run) => void (drained ??= run),
    beforeEnd: () => {},
  };
  return { socket, writer };
}

/** What one reader has and lacks, on its own: as plain as it can be told, and a thousand times the work for a thousand. */
function createNaive(frames: readonly TallyFrames[]) {
  const cursors = new Map<number, number | undefined>();
  const lacks = new Set<number>();
  return {
    cursors,
    lacks,
    /** It found no room, and is told when the socket has drained. */
    waits: false,
    bytes: [] as number[],
    tell() {
      for (const poll of lacks) {
        this.bytes.push(...(frames[poll]?.since(cursors.get(poll)) ?? []));
        cursors.set(poll, frames[poll]?.cursor());
      }
      lacks.clear();
    },
  };
}

function createBed() {
  let cursor = 1;
  const tallies = Array.from({ length: POLLS }, () => [0, 0, 0]);
  const frames = tallies.map((tally, poll) => createTallyFrames(rowOf(poll, cursor, tally)));
  const atEnd: (() => void)[] = [];
  const turns = createTallyTurns((run) => void atEnd.push(run));
  const told: ToldTally[] = frames.map((one) => turns.begin(one, true));
  const links = new Set<Link>();
  let newsThisTurn = false;
  const naiveTurn = () => {
    newsThisTurn = false;
    for (const { socket, naive } of links) {
      if (socket.room) naive.tell();
      else naive.waits ||= naive.lacks.size > 0;
    }
  };
  const join = (has: readonly (number | undefined)[], tells: readonly boolean[]) => {
    const { socket, writer } = createSocket();
    const naive = createNaive(frames);
    if (newsThisTurn) naiveTurn();
    const reader: Reader = turns.newReader(writer);
    for (const [poll, tally] of told.entries()) {
      turns.has(reader, tally, has[poll], tells[poll] === true);
      naive.cursors.set(poll, has[poll]);
      if (tells[poll] === true) naive.lacks.add(poll);
    }
    turns.join(reader);
    const link = { socket, naive, reader };
    links.add(link);
    return link;
  };
  return {
    links,
    join,
    cursorOf: (poll: number) => frames[poll]?.cursor(),
    change(poll: number, options: readonly number[]) {
      const tally = (tallies[poll] ?? []).map((count, at) => count + (options.includes(at) ? 1 : 0));
      tallies[poll] = tally;
      frames[poll]?.move(rowOf(poll, ++cursor, tally));
      const changed = told[poll];
      if (changed !== undefined) turns.changed(changed);
      newsThisTurn = true;
      for (const { naive } of links) naive.lacks.add(poll);
    },
    drain(link: Link) {
      const waited = !link.socket.room && link.naive.waits;
      link.socket.drain();
      if (!waited) return;
      link.naive.waits = false;
      // Amid news the turn ends for all.
      if (newsThisTurn) naiveTurn();
      else link.naive.tell();
    },
    leave(link: Link) {
      turns.leave(link.reader);
      links.delete(link);
    },
    endTurn() {
      for (const run of atEnd.splice(0)) run();
      naiveTurn();
    },
  };
}
type Link = {
  socket: ReturnType<typeof createSocket>["socket"];
  naive: ReturnType<typeof createNaive>;
  reader: Reader;
};

const bytesOf = ({ socket }: Link) => socket.taken.flatMap((framed) => [...framed]);
const NOTHING = [undefined, undefined, undefined];
const ALL = [true, true, true];

test("who joins with nothing in the middle of a turn is told all once, and then only what changes", () => {
  const bed = createBed();
  const early = bed.join(NOTHING, ALL);
  bed.endTurn();
  bed.change(0, [1]);
  const late = bed.join(NOTHING, ALL);
  // The turn ended for those who were there, so that the news are none to who came.
  expect(early.socket.taken).toHaveLength(2);
  bed.endTurn();
  expect(late.socket.taken).toHaveLength(1);
  bed.change(1, [2]);
  bed.endTurn();
  expect(early.socket.taken).toHaveLength(3);
  expect(late.socket.taken[1]).toBe(early.socket.taken[2]);
});

test("who read slowly is told the newest as soon as it has drained, and is in step again", () => {
  const bed = createBed();
  const [slow, quick] = [bed.join(NOTHING, ALL), bed.join(NOTHING, ALL)];
  bed.endTurn();
  slow.socket.room = false;
  for (let at = 0; at < 9; at++) {
    bed.change(0, [1]);
    bed.endTurn();
  }
  expect([slow.socket.taken.length, quick.socket.taken.length]).toEqual([1, 10]);
  slow.socket.drain();
  expect(slow.socket.taken).toHaveLength(2);
  bed.change(0, [1]);
  bed.endTurn();
  expect(slow.socket.taken[2]).toBe(quick.socket.taken[10]);
  expect([slow.reader.lacks, slow.reader.apart]).toEqual([null, null]);
});

test("tells each reader just what it would be told alone, whatever is slow, drains, joins with some of it, or leaves", () => {
  const poll = fc.nat({ max: POLLS - 1 });
  const who = fc.nat({ max: 5 });
  const had = fc.constantFrom("nothing" as const, "all" as const, "another" as const);
  const three = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: POLLS, maxLength: POLLS });
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("change" as const), poll, options: fc.subarray([0, 1, 2]) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("turn" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("full", "drain", "leave"), who }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("join" as const), has: three(had), tells: three(fc.boolean()) }),
    },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const bed = createBed();
      for (let at = 0; at < 3; at++) bed.join(NOTHING, ALL);
      const compare = () => {
        for (const link of bed.links) expect(bytesOf(link)).toEqual(link.naive.bytes);
      };
      for (const event of steps) {
        if (event.kind === "change") bed.change(event.poll, event.options);
        if (event.kind === "turn") {
          bed.endTurn();
          compare();
        }
        if (event.kind === "join") {
          const cursors = { nothing: () => undefined, all: bed.cursorOf, another: () => 0 };
          bed.join(
            event.has.map((what, at) => cursors[what](at)),
            event.tells,
          );
        }
        const link = "who" in event ? [...bed.links][event.who] : undefined;
        if (link === undefined) continue;
        if (event.kind === "full") link.socket.room = false;
        if (event.kind === "drain") bed.drain(link);
        if (event.kind === "leave") bed.leave(link);
      }
      bed.endTurn();
      for (const link of bed.links) bed.drain(link);
      compare();
    }),
    { numRuns: 300 },
  );
});

test("who left is told nothing more, even if it was behind and drains", () => {
  const bed = createBed();
  const link = bed.join(NOTHING, ALL);
  bed.endTurn();
  link.socket.room = false;
  bed.change(0, [1]);
  bed.endTurn();
  bed.leave(link);
  link.socket.drain();
  bed.change(1, [1]);
  bed.endTurn();
  expect(link.socket.taken).toHaveLength(1);
});

test("nothing is kept of readers that have nothing of a poll which nobody may see yet", () => {
  const turns = createTallyTurns(() => {});
  const hidden = turns.begin(createTallyFrames(rowOf(0, 7, [0, 0, 0])), false);
  const reader = turns.newReader(createSocket().writer);
  turns.has(reader, hidden, undefined, false);
  expect([reader.lacks, reader.apart]).toEqual([null, null]);
});
