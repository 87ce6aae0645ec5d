import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import type { PollRow } from "../../shared/domain/projection.ts";
import { testPoll } from "../../shared/domain/testing.ts";
import { FRAME, decodeFrame, type Frame } from "../../shared/link/frames.ts";
import { sha256 } from "../ledger/sha256.ts";
import { TALLY_EVERY_MS, createFeed, type Has } from "./feed.ts";
import type { TurnWriter } from "./turn-writer.ts";

const POLLS = [testPoll(sha256, 1), testPoll(sha256, 2)] as const;

/** A station's picture of the feed, and its links, one after the other. */
function createReceiver(atTurnEnd: (run: () => void) => void) {
  const frames: Frame[] = [];
  const moves = new Map<string, number>();
  const tallies = new Map<string, { cursor: number; counts: readonly number[] }>();
  const take = (frame: Frame) => {
    frames.push(frame);
    if (frame[0] === FRAME.poll) moves.set(toHex(sha256(frame[3]).slice(0, 8)), frame[2][1]);
    if (frame[0] === FRAME.tally) tallies.set(toHex(frame[1]), { cursor: frame[2], counts: frame[3] });
    if (frame[0] !== FRAME.delta) return;
    const [, hash, cursor, base, option, count] = frame;
    const known = tallies.get(toHex(hash));
    if (known?.cursor !== base) throw new Error(`a change from ${base} reached who has ${known?.cursor ?? "nothing"}`);
    tallies.set(toHex(hash), { cursor, counts: known.counts.with(option - 1, count) });
  };
  const arrive = (framed: Uint8Array) => {
    for (let rest = framed; rest.length > 0;) {
      const from = rest[1] === 126 ? 4 : 2;
      const to = from + (rest[1] === 126 ? Buffer.from(rest).readUInt16BE(2) : (rest[1] ?? 0));
      const read = decodeFrame(rest.subarray(from, to));
      if (!read.ok) throw new Error("no frame");
      take(read.frame);
      rest = rest.subarray(to);
    }
  };
  const connect = () => {
    const link = { room: true, arrives: true, onTheWay: new Array<Uint8Array>(), drained: new Array<() => void>() };
    const queue: Uint8Array[] = [];
    const write = (framed: readonly Uint8Array[]) => {
      if (link.arrives) framed.forEach(arrive);
      else link.onTheWay.push(...framed);
    };
    const writer: TurnWriter = {
      send(framed) {
        atTurnEnd(() => write(queue.splice(0)));
        return queue.push(framed) > 0;
      },
      offer(framed) {
        if (link.room) write([...queue.splice(0), framed]);
        return link.room;
      },
      hasRoom: () => link.room,
      onceDrained: (run) => void (link.drained.length === 0 && link.drained.push(run)),
      beforeEnd: () => {},
    };
    return { link, writer };
  };
  let { link, writer } = connect();
  return {
    writer: () => writer,
    frames,
    moves,
    tallies,
    isReading: () => link.arrives,
    /** From now on what is told stays on its way; a full socket takes only what must arrive. */
    stall(full: boolean) {
      link.arrives = false;
      link.room = !full;
    },
    /** What is on its way arrives. */
    read() {
      Object.assign(link, { room: true, arrives: true });
      link.onTheWay.splice(0).forEach(arrive);
      for (const run of link.drained.splice(0)) run();
    },
    /** The link broke, and there is another: what was on its way is lost. */
    connectAgain() {
      link.arrives = false;
      ({ link, writer } = connect());
    },
    has: () =>
      new Map(
        POLLS.flatMap((poll): [string, Has][] => {
          const had = moves.get(toHex(poll.short));
          if (had === undefined) return [];
          return [[poll.definition.id, { moves: had, tallyCursor: tallies.get(toHex(poll.short))?.cursor ?? 0 }]];
        }),
      ),
  };
}
type Receiver = ReturnType<typeof createReceiver>;

/** The server around the feed: rows that move, and a clock that stands. */
function createBed() {
  let cursor = 10;
  let nowMs = 0;
  let timers: { atMs: number; run: () => void }[] = [];
  let signed = 0;
  let erased = false;
  const atEnd: (() => void)[] = [];
  const atTurnEnd = (run: () => void) => void atEnd.push(run);
  const rows = new Map(
    POLLS.map(({ definition, facts: { poll: id, ...facts } }): [string, PollRow] => [
      definition.id,
      {
        ...facts,
        id,
        state: "draft",
        moves: 0,
        windows: [],
        closed: null,
        tally: [0, 0, 0],
        unsynced: 0,
        late: 0,
        barrier: null,
        latestMs: 0,
        stateCursor: 1,
        tallyCursor: 1,
      },
    ]),
  );
  const feed = createFeed({
    polls: () => rows.values(),
    definition: (hash) => (erased ? undefined : POLLS.find((poll) => poll.hash === hash)?.definition),
    signWord() {
      signed += 1;
      return new Uint8Array(64).fill(signed);
    },
    setTimer(run, delayMs) {
      const timer = { atMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
    atTurnEnd,
  });
  const rowOf = (poll: number): PollRow => {
    const row = rows.get(POLLS[poll === 0 ? 0 : 1].definition.id);
    if (row === undefined) throw new Error("no such poll");
    return row;
  };
  const commit = (row: PollRow) => {
    rows.set(row.id, row);
    feed.onCommit({ cursor, polls: [row], stations: [], branches: [], roll: null, keyDestroyed: null, lfBits: 32 });
  };
  return {
    feed,
    rows,
    receiver: () => createReceiver(atTurnEnd),
    /** This turn of the loop ends. */
    endTurn() {
      for (const run of atEnd.splice(0)) run();
    },
    timers: () => timers.length,
    signed: () => signed,
    erase: () => void (erased = true),
    vote(poll: number, ...options: number[]) {
      const row = rowOf(poll);
      const tally = row.tally.map((count, at) => count + options.filter((option) => option === at + 1).length);
      commit({ ...row, tally, tallyCursor: ++cursor });
    },
    setResults(poll: number, results: PollRow["results"]) {
      rows.set(rowOf(poll).id, { ...rowOf(poll), results });
    },
    move(poll: number, state: PollRow["state"]) {
      commit({ ...rowOf(poll), state, moves: rowOf(poll).moves + 1, stateCursor: ++cursor });
    },
    commit: (poll: number, change: Partial<PollRow>) => commit({ ...rowOf(poll), ...change, stateCursor: ++cursor }),
    goOn(byMs: number) {
      nowMs += byMs;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter(({ atMs }) => atMs > nowMs);
      for (const { run } of due) run();
    },
    expectUpToDate(receiver: Receiver) {
      for (const row of rows.values()) {
        if (row.state === "draft") continue;
        const short = row.hash.slice(0, 16);
        expect(receiver.moves.get(short)).toBe(row.moves);
        expect(receiver.tallies.get(short)).toEqual({ cursor: row.tallyCursor, counts: row.tally });
      }
    },
  };
}

function expectAlike([one, ...others]: readonly Receiver[]): void {
  for (const other of others) expect([other.moves, other.tallies]).toEqual([one?.moves, one?.tallies]);
}

const typesOf = ({ frames }: Receiver) => frames.splice(0).map(([type]) => type);

describe("the feed", () => {
  test("tells a change at once, and then the newest every 50 ms at most", () => {
    const bed = createBed();
    bed.move(0, "open");
    const receiver = bed.receiver();
    bed.feed.join(receiver.writer(), new Map());
    bed.goOn(TALLY_EVERY_MS);
    bed.endTurn();
    expect(typesOf(receiver)).toEqual([FRAME.poll, FRAME.tally]);
    bed.vote(0, 1);
    bed.endTurn();
    expect(typesOf(receiver)).toEqual([FRAME.delta]);
    for (let vote = 0; vote < 49; vote++) {
      bed.vote(0, 2);
      bed.goOn(1);
      bed.endTurn();
    }
    expect(typesOf(receiver)).toEqual([]);
    bed.goOn(1);
    bed.endTurn();
    expect(typesOf(receiver)).toEqual([FRAME.delta]);
    bed.expectUpToDate(receiver);
    bed.goOn(TALLY_EVERY_MS);
    expect(bed.timers()).toBe(0);
  });

  test("tells all counts where more than one moved", () => {
    const bed = createBed();
    bed.move(0, "open");
    const receiver = bed.receiver();
    bed.feed.join(receiver.writer(), new Map());
    bed.endTurn();
    bed.goOn(TALLY_EVERY_MS);
    receiver.frames.length = 0;
    bed.vote(0, 1, 2);
    bed.endTurn();
    expect(typesOf(receiver)).toEqual([FRAME.tally]);
  });

  test("gives all who keep up the very same bytes, however many polls changed", () => {
    const bed = createBed();
    for (const poll of [0, 1]) bed.move(poll, "open");
    const offered: Uint8Array[] = [];
    for (let at = 0; at < 10; at++) {
      const writer = { ...bed.receiver().writer(), offer: (framed: Uint8Array) => offered.push(framed) > 0 };
      bed.feed.join(writer, new Map());
    }
    bed.goOn(TALLY_EVERY_MS);
    bed.endTurn();
    offered.length = 0;
    for (const poll of [0, 1]) bed.vote(poll, 1);
    bed.endTurn();
    expect([offered.length, new Set(offered).size]).toEqual([10, 1]);
  });

  test("signs a course once for all who are there, who join, and who join again", () => {
    const bed = createBed();
    const early = bed.receiver();
    bed.feed.join(early.writer(), new Map());
    bed.move(0, "open");
    for (const receiver of [bed.receiver(), bed.receiver()]) {
      bed.feed.join(receiver.writer(), new Map());
      bed.endTurn();
      expect(receiver.moves.size).toBe(1);
    }
    expect(bed.signed()).toBe(1);
    bed.move(0, "paused");
    bed.feed.join(bed.receiver().writer(), new Map());
    expect(bed.signed()).toBe(2);
  });

  test("says nothing of a barrier, only of the certificate, and then with the totals", () => {
    const bed = createBed();
    bed.move(0, "open");
    bed.vote(0, 2);
    bed.move(0, "closed");
    bed.goOn(1_000);
    const receiver = bed.receiver();
    bed.feed.join(receiver.writer(), new Map());
    bed.endTurn();
    receiver.frames.length = 0;
    bed.commit(0, { barrier: { cursor: 99, atMs: 9, why: "drained", missing: [], reason: null } });
    bed.endTurn();
    expect(receiver.frames).toEqual([]);
    bed.commit(0, { state: "certified", moves: 3, closed: { atMs: 7, cursor: 98, backAtMs: null } });
    bed.endTurn();
    expect(receiver.frames).toMatchObject([{ 0: FRAME.poll, 2: [4, 3, [], 7, [0, 1, 0]] }]);
  });

  test("never tells a station certified totals that only the organiser may see", () => {
    const bed = createBed();
    bed.setResults(0, "organiser");
    const receiver = bed.receiver();
    bed.feed.join(receiver.writer(), new Map());
    for (const state of ["open", "closed", "certified"] as const) bed.move(0, state);
    bed.vote(0, 1);
    bed.feed.join(receiver.writer(), new Map());
    bed.endTurn();
    expect(receiver.frames.map(([type]) => type)).toEqual(Array.from({ length: 4 }, () => FRAME.poll));
    for (const frame of receiver.frames)
      expect(frame).toMatchObject({ 2: [expect.any(Number), expect.any(Number), [], null, null] });
  });

  test("does not go on telling words that were erased", () => {
    const bed = createBed();
    bed.move(0, "open");
    bed.erase();
    const receiver = bed.receiver();
    bed.feed.join(receiver.writer(), new Map());
    bed.endTurn();
    expect(receiver.frames).toEqual([]);
  });

  test("tells who joins with everything nothing, and tells the others nothing again", () => {
    const bed = createBed();
    bed.move(0, "open");
    const [one, two] = [bed.receiver(), bed.receiver()];
    bed.feed.join(one.writer(), new Map());
    bed.endTurn();
    const leave = bed.feed.join(two.writer(), one.has());
    bed.endTurn();
    expect(two.frames).toEqual([]);
    leave();
    one.frames.length = 0;
    bed.goOn(TALLY_EVERY_MS);
    bed.vote(0, 1);
    bed.endTurn();
    expect(typesOf(one)).toEqual([FRAME.delta]);
  });

  test("tells who is there of a poll that opens with ballots already in it", () => {
    const bed = createBed();
    const receiver = bed.receiver();
    bed.feed.join(receiver.writer(), new Map());
    bed.vote(0, 3);
    bed.move(0, "open");
    bed.endTurn();
    expect(receiver.tallies.size).toBe(1);
    bed.expectUpToDate(receiver);
  });

  test.each(["after-close", "organiser"] as const)(
    "keeps a result that is %s to itself for as long as that",
    (results) => {
      const bed = createBed();
      bed.setResults(0, results);
      const early = bed.receiver();
      bed.feed.join(early.writer(), new Map());
      bed.move(0, "open");
      bed.vote(0, 1, 2);
      bed.goOn(1_000);
      bed.vote(0, 2);
      const late = bed.receiver();
      bed.feed.join(late.writer(), new Map());
      for (const receiver of [early, late]) {
        bed.endTurn();
        expect(receiver.moves.size).toBe(1);
        expect(receiver.tallies.size).toBe(0);
      }
      bed.move(0, "closed");
      bed.goOn(1_000);
      for (const receiver of [early, late]) {
        bed.endTurn();
        const told = [...receiver.tallies.values()].map(({ counts }) => counts);
        expect(told).toEqual(results === "organiser" ? [] : [[1, 2, 0]]);
      }
    },
  );

  test("never tells of a draft, and nothing to who left", () => {
    const bed = createBed();
    bed.move(0, "open");
    const receiver = bed.receiver();
    const leave = bed.feed.join(receiver.writer(), new Map());
    bed.endTurn();
    expect(receiver.moves.size).toBe(1);
    leave();
    bed.vote(0, 1);
    bed.feed.close();
    receiver.frames.length = 0;
    bed.endTurn();
    expect(receiver.frames).toEqual([]);
    expect(bed.timers()).toBe(0);
  });

  test("brings every receiver to the current tally, and all who read to the same with each turn, whatever is throttled, held back, lost, or joins late", () => {
    const poll = fc.nat({ max: 1 });
    const who = fc.nat({ max: 2 });
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("vote" as const),
        poll,
        options: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }),
      }),
      fc.record({
        kind: fc.constant("move" as const),
        poll,
        state: fc.constantFrom("open" as const, "paused" as const, "closed" as const, "certified" as const),
      }),
      fc.record({ kind: fc.constant("time" as const), ms: fc.integer({ min: 1, max: 60 }) }),
      fc.record({ kind: fc.constant("turn" as const) }),
      fc.record({ kind: fc.constant("stall" as const), who, full: fc.boolean() }),
      fc.record({ kind: fc.constant("read" as const), who }),
      fc.record({ kind: fc.constant("again" as const), who }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const bed = createBed();
        const receivers = [bed.receiver(), bed.receiver(), bed.receiver()];
        const leave = receivers.map(({ writer, has }) => bed.feed.join(writer(), has()));
        for (const event of steps) {
          if (event.kind === "vote") bed.vote(event.poll, ...event.options);
          if (event.kind === "move") bed.move(event.poll, event.state);
          if (event.kind === "time") bed.goOn(event.ms);
          if (event.kind === "stall") receivers[event.who]?.stall(event.full);
          if (event.kind === "read") receivers[event.who]?.read();
          if (event.kind === "turn") {
            bed.endTurn();
            expectAlike(receivers.filter((receiver) => receiver.isReading()));
          }
          if (event.kind !== "again") continue;
          const receiver = receivers[event.who];
          if (receiver === undefined) continue;
          leave[event.who]?.();
          receiver.connectAgain();
          leave[event.who] = bed.feed.join(receiver.writer(), receiver.has());
        }
        for (let at = 0; at < 2; at++) {
          bed.goOn(TALLY_EVERY_MS);
          for (const receiver of receivers) receiver.read();
          bed.endTurn();
        }
        for (const receiver of receivers) bed.expectUpToDate(receiver);
      }),
      { numRuns: 500 },
    );
  });
});
