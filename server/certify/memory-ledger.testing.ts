/** For tests: a ledger in memory, with a clock turned by hand and a disk that can be full. It keeps no entries. */
import { createHash } from "node:crypto";
import { missingStations, watermarks } from "../../shared/domain/certification.ts";
import type { Change } from "../../shared/domain/entry.ts";
import { foldEntry } from "../../shared/domain/fold.ts";
import { createMemoryProjection } from "../../shared/domain/memory-projection.ts";
import type { Committed, Ledger, Standing } from "../ledger/ledger.ts";

export const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

type Used = Pick<Ledger, "append" | "standing" | "watermarks" | "onCommit">;

export interface MemoryLedger extends Used {
  /** How often watermarks were asked for. */
  asked: number;
  /** What was appended and took effect or not, with what the fold refused it for. */
  acts: { change: Change; refused: string | null }[];
  disk: { full: boolean };
  /** Run before each append, once: for what others do in between. */
  meanwhile: (() => Promise<unknown>) | null;
  missing(poll: string): string[];
}

export function createMemoryLedger(clock: () => number): MemoryLedger {
  const projection = createMemoryProjection();
  const listeners = new Set<(committed: Committed) => void>();
  let cursor = 0;
  const standing = (): Standing => ({
    cursor,
    event: projection.event(),
    polls: new Map([...projection.polls()].map((row) => [row.id, row])),
    stations: new Map([...projection.stations()].map((row) => [row.station, row])),
    branches: new Map(),
    roll: projection.roll(),
    keyDestroyed: projection.keyDestroyed(),
    lfBits: projection.lfBits(),
  });
  const ledger: MemoryLedger = {
    asked: 0,
    acts: [],
    disk: { full: false },
    meanwhile: null,
    async append(change, options) {
      const { meanwhile } = ledger;
      ledger.meanwhile = null;
      await meanwhile?.();
      if (ledger.disk.full) return { ok: false, why: "not-stored", reason: "disk full. Free some space." };
      if (options?.expected !== undefined && options.expected !== cursor) return { ok: false, why: "moved-on", cursor };
      cursor += 1;
      const folded = foldEntry(projection, sha256, { position: cursor, atMs: clock(), change });
      ledger.acts.push({ change, refused: folded.kind === "act" ? folded.refused : null });
      const { polls, stations, roll, keyDestroyed, lfBits } = standing();
      const committed = { cursor, polls: [...polls.values()], stations: [...stations.values()], branches: [] };
      for (const listener of listeners) listener({ ...committed, roll, keyDestroyed, lfBits });
      return { ok: true, cursor, folded };
    },
    standing: async () => standing(),
    async watermarks(poll) {
      ledger.asked += 1;
      const row = projection.poll(poll);
      return row && watermarks(projection, row);
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    missing(poll) {
      const row = projection.poll(poll);
      return row === undefined ? [] : missingStations(projection, row);
    },
  };
  return ledger;
}
