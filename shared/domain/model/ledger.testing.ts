/**
 * The server's ledger as the model has it: entries in an array, the fold's projection and the reference beside it. What
 * is kept is what server/ledger/sqlite/ledger-store.ts keeps.
 */
import { decodeChange, encodeChange } from "../entry-codec.ts";
import type { Change, Entry } from "../entry.ts";
import { foldEntry } from "../fold.ts";
import type { Folded } from "../folded.ts";
import { createMemoryProjection, type MemoryProjection } from "../memory-projection.ts";
import type { Projection } from "../projection.ts";
import type { Sha256 } from "../record.ts";
import { createReference, type Reference } from "./reference.testing.ts";
import { expectAgreement, expectSameEffect, expectSteadyCursors, expectVerdicts } from "./agreement.testing.ts";

export interface ModelLedger {
  append(change: Change, nowMs: number): Folded;
  projection: () => MemoryProjection;
  reference: () => Reference;
  /** The running hash of a log after a record; undefined beyond its head. */
  hashAt(log: string, number: number): Uint8Array | undefined;
  entries: () => readonly Entry[];
  /** Back to when it had this many entries. */
  restore(length: number): void;
  /** Fold everything anew, and hold it against the reference, too. */
  check(): void;
}

/** Everything the fold writes, counted: what writes nothing is not kept. */
function counting(projection: MemoryProjection): { counted: Projection; writes: () => number } {
  let writes = 0;
  const wrote = () => void writes++;
  const counted: Projection = {
    ...projection,
    putEvent: (event) => (wrote(), projection.putEvent(event)),
    putKeyDestroyed: (cursor) => (wrote(), projection.putKeyDestroyed(cursor)),
    putStation: (row) => (wrote(), projection.putStation(row)),
    putPoll: (row) => (wrote(), projection.putPoll(row)),
    putLog: (row) => (wrote(), projection.putLog(row)),
    putRollChunk: (hash, chunk) => (wrote(), projection.putRollChunk(hash, chunk)),
    putRoll: (chunks, tags) => (wrote(), projection.putRoll(chunks, tags)),
    addBallot: (row) => (wrote(), projection.addBallot(row)),
    removeBallot: (row) => (wrote(), projection.removeBallot(row)),
  };
  return { counted, writes: () => writes };
}

/** A projection to fold into: in memory, or another that dumps the same. */
export type CreateProjection = () => MemoryProjection;

export function createModelLedger(sha256: Sha256, createProjection: CreateProjection): ModelLedger {
  let entries: Entry[] = [];
  let projection = createProjection();
  let fold = counting(projection);
  let reference = createReference(sha256);

  function append(change: Change, nowMs: number): Folded {
    const stored = encodeChange(change);
    const read = decodeChange(stored.kind, stored.body);
    if (read === undefined) throw new Error(`a change that does not read back: ${change.kind}`);
    const last = entries.at(-1);
    const entry = { position: (last?.position ?? 0) + 1, atMs: Math.max(last?.atMs ?? 0, nowMs), change: read };
    const writes = fold.writes();
    const before = [...projection.polls()];
    const folded = foldEntry(fold.counted, sha256, entry);
    if (folded.kind === "act" || fold.writes() !== writes) entries.push(entry);
    expectSameEffect(entry, folded, reference.take(entry), projection);
    expectVerdicts(folded, reference);
    expectSteadyCursors(before, projection, entry);
    return folded;
  }

  return {
    append,
    projection: () => projection,
    reference: () => reference,
    hashAt: (log, number) => reference.logs().find(({ id }) => id === log)?.hashes[number],
    entries: () => entries,
    restore(length) {
      const kept = entries.slice(0, length);
      entries = [];
      projection = createProjection();
      fold = counting(projection);
      reference = createReference(sha256);
      for (const { change, atMs } of kept) append(change, atMs);
    },
    check() {
      expectAgreement(projection, reference);
      const anew = createMemoryProjection();
      for (const entry of entries) foldEntry(anew, sha256, entry);
      if (JSON.stringify(anew.dump()) !== JSON.stringify(projection.dump()))
        throw new Error("folded anew, the ledger says something else");
    },
  };
}
