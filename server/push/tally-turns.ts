/**
 * Tallies on their way to all readers: what changed within a turn of the loop leaves together when the turn ends.
 *
 * Nearly all readers have the same. What they lack is put together once, and the very same bytes are written to each
 * socket: no look-up, no closure and no copy for each of a thousand. Only of who is apart, since it just joined or reads
 * slowly, it is noted what it has.
 */
import type { TallyFrames } from "./poll-frames.ts";
import type { TurnWriter } from "./turn-writer.ts";

/** One poll's tally, as readers are told it. */
export interface ToldTally {
  readonly frames: TallyFrames;
  /** Of the tally that all readers have who are not apart; undefined for none. */
  cursor: number | undefined;
}

/** A tally and the cursor of it that a reader has; undefined for none. */
type Cursors = Map<ToldTally, number | undefined>;

/** Who is told. Neither map is there for nothing: a server has thousands of readers. */
export interface Reader {
  readonly writer: TurnWriter;
  /** Tallies it is to be told as soon as its socket has room, in this order, and what it has of them. */
  lacks: Cursors | null;
  /** Tallies of which it has another than the others, and needs none until they change. */
  apart: Cursors | null;
}

export interface TallyTurns {
  /** Begin with a poll's tally. @param shown may a reader be told it now? */
  begin(frames: TallyFrames, shown: boolean): ToldTally;
  /** A reader that is not among the others yet. */
  newReader(writer: TurnWriter): Reader;
  /** What it has; `tell` for whether it is to be told the present one. To be called before `join`. */
  has(reader: Reader, tally: ToldTally, cursor: number | undefined, tell: boolean): void;
  join(reader: Reader): void;
  leave(reader: Reader): void;
  readers(): Iterable<Reader>;
  /** The tally has moved: all are told. */
  changed(tally: ToldTally): void;
  close(): void;
}

/** @param atTurnEnd run once when this turn of the loop ends */
export function createTallyTurns(atTurnEnd: (run: () => void) => void): TallyTurns {
  const readers = new Set<Reader>();
  /** Readers that lack something, be it for want of room. */
  const behind = new Set<Reader>();
  /** In this turn, up to now. */
  const changed = new Set<ToldTally>();
  let scheduled = false;

  const schedule = () => {
    if (!scheduled) atTurnEnd(endTurn);
    scheduled = true;
  };
  const endTurn = () => {
    if (!scheduled) return;
    scheduled = false;
    const forAll = joined(Array.from(changed, ({ frames, cursor }) => frames.since(cursor)));
    for (const reader of changed.size > 0 ? readers : behind) settle(reader, forAll);
    for (const tally of changed) tally.cursor = tally.frames.cursor();
    changed.clear();
  };
  const settle = (reader: Reader, forAll: Uint8Array | null) => {
    if (isInStep(reader, changed)) {
      if (forAll !== null && !reader.writer.offer(forAll)) fallBehind(reader);
      return;
    }
    if (!reader.writer.hasRoom()) return fallBehind(reader);
    behind.delete(reader);
    const own = joined(catchUp(reader, changed));
    if (own !== null) reader.writer.offer(own);
  };
  const fallBehind = (reader: Reader) => {
    const lacks = (reader.lacks ??= new Map());
    for (const tally of changed) {
      if (!lacks.has(tally)) lacks.set(tally, cursorOf(reader, tally));
      reader.apart?.delete(tally);
    }
    behind.add(reader);
    reader.writer.onceDrained(() => {
      // It is told this turn's news with the rest, and nobody may be told them twice: so the turn ends for all.
      if (changed.size > 0) endTurn();
      else if (behind.has(reader)) settle(reader, null);
    });
  };

  return {
    // While nobody is there, everybody has it.
    begin: (frames, shown) => ({ frames, cursor: shown && readers.size === 0 ? frames.cursor() : undefined }),
    newReader(writer) {
      // What changed before it came is not news to it: it is told what is there.
      if (changed.size > 0) endTurn();
      writer.beforeEnd(endTurn);
      return { writer, lacks: null, apart: null };
    },
    has(reader, tally, cursor, tell) {
      if (tell) (reader.lacks ??= new Map()).set(tally, cursor);
      else if (cursor !== tally.cursor) (reader.apart ??= new Map()).set(tally, cursor);
    },
    join(reader) {
      readers.add(reader);
      if (reader.lacks === null) return;
      behind.add(reader);
      schedule();
    },
    leave(reader) {
      readers.delete(reader);
      behind.delete(reader);
    },
    readers: () => readers.values(),
    changed(tally) {
      changed.add(tally);
      schedule();
    },
    close() {
      for (const set of [readers, behind, changed]) set.clear();
    },
  };
}

function joined(frames: readonly (Uint8Array | null)[]): Uint8Array | null {
  const told = frames.filter((framed) => framed !== null);
  const [first] = told;
  return told.length > 1 ? Buffer.concat(told) : (first ?? null);
}

function isInStep({ lacks, apart }: Reader, changed: ReadonlySet<ToldTally>): boolean {
  if (lacks !== null) return false;
  if (apart !== null) for (const tally of changed) if (apart.has(tally)) return false;
  return true;
}

function cursorOf({ apart }: Reader, tally: ToldTally): number | undefined {
  return apart?.has(tally) === true ? apart.get(tally) : tally.cursor;
}

/** What brings a reader that is not in step to the newest of all it lacks and of what changed; it has that then. */
function catchUp(reader: Reader, changed: ReadonlySet<ToldTally>): (Uint8Array | null)[] {
  const lacks: Cursors = reader.lacks ?? new Map();
  for (const tally of changed) {
    if (!lacks.has(tally)) lacks.set(tally, cursorOf(reader, tally));
    reader.apart?.delete(tally);
  }
  reader.lacks = null;
  return Array.from(lacks, ([{ frames }, cursor]) => frames.since(cursor));
}
