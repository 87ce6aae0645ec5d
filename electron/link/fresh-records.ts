/**
 * The records stored last, in memory: whoever is on time with sending takes them from here and spares the disk. Only a
 * shortcut, as everything in it is on disk.
 */
import type { LogRecord } from "../../shared/domain/record.ts";

/** As many as may be on their way to the disk at once; some 300 bytes each. */
const MAX_FRESH_RECORDS = 512;

/** Records of a log, one after another. */
export interface Run {
  records: LogRecord[];
  hashBefore: Uint8Array;
  hashAfter: Uint8Array;
}

export interface FreshRecords {
  /** A record was stored. */
  add(log: string, number: number, record: LogRecord, hashes: { before: Uint8Array; after: Uint8Array }): void;
  /** Records of a log from a number on, as many as there are up to a limit; undefined when the first is not here. */
  run(log: string, from: number, limit: number): Run | undefined;
  /** Running hash after a record that is here. */
  hashAt(log: string, number: number): Uint8Array | undefined;
  /** Forget them all. */
  clear(): void;
}

export function createFreshRecords(): FreshRecords {
  /** All of one log, without a gap. */
  let log = "";
  let first = 1;
  let kept: { record: LogRecord; before: Uint8Array; after: Uint8Array }[] = [];
  const at = (id: string, number: number) => (id === log ? kept[number - first] : undefined);
  return {
    add(id, number, record, { before, after }) {
      if (id !== log || number !== first + kept.length) {
        log = id;
        first = number;
        kept = [];
      }
      kept.push({ record, before, after });
      if (kept.length <= MAX_FRESH_RECORDS) return;
      // By halves, so that it is moved rarely.
      kept = kept.slice(MAX_FRESH_RECORDS / 2);
      first += MAX_FRESH_RECORDS / 2;
    },
    run(id, from, limit) {
      const begin = at(id, from);
      if (begin === undefined) return undefined;
      const found = kept.slice(from - first, from - first + limit);
      const end = found.at(-1) ?? begin;
      return { records: found.map(({ record }) => record), hashBefore: begin.before, hashAfter: end.after };
    },
    hashAt: (id, number) => at(id, number)?.after,
    clear() {
      log = "";
      kept = [];
    },
  };
}
