/** Reading row by row what a damaged file still gives: a row that cannot be read is as one that is not there. */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { sameBytes } from "../../shared/bytes.ts";
import { decodeHeader, firstHash, type LogHeader, type Sha256 } from "../../shared/domain/record.ts";
import type { Standing } from "../../shared/domain/projection.ts";
import { bytesOf, numberOf, textOf } from "./log-database.ts";
import { standingIn } from "./stored-logs.ts";

/** A page in the middle of the records' tree that is gone takes some 2,000 of them along. */
const MAX_GAP = 10_000;
const PAGE_BYTES = 4_096;
const HEADER_BYTES = 100;
/** 4 GiB, thirty million records: a header that says more is damaged, too. */
const MAX_PAGES = 2 ** 20;

export interface DamagedLog {
  no: number;
  bytes: Uint8Array;
  header: LogHeader;
  first: Uint8Array;
  acked: number;
  standing: Standing;
  wasCurrent: boolean;
  heard: boolean;
}

interface DamagedRecord {
  number: number;
  record: Uint8Array;
  /** As it stands there. */
  hash: Uint8Array;
}

export interface DamagedRows {
  /** Those whose header is what its own hash says, oldest first. */
  logs(): DamagedLog[];
  records(no: number): Generator<DamagedRecord, void>;
  /** The highest number that the file itself names for a log; undefined when it does not say. */
  lastNumber(no: number): number | undefined;
  readers(): { number: number; identity: string }[];
  close(): void;
}

/** @param path of a file of which a copy is kept: reading it may change it */
export function openDamagedRows(path: string, sha256: Sha256): DamagedRows {
  padWithZeros(path);
  const db = new DatabaseSync(path);
  const statement = (sql: string) => tried(() => db.prepare(sql));
  const selectLog = statement("SELECT header, first_hash, acked, standing, was_current, heard FROM logs WHERE no = ?");
  const selectRecord = statement("SELECT record, hash FROM records WHERE log_no = ? AND number = ?");
  const selectLast = statement("SELECT max(number) AS last FROM records WHERE log_no = ?");
  const selectReader = statement("SELECT identity FROM readers WHERE number = ?");
  const lastNo = statement("SELECT max(no) AS last FROM logs");
  const lastReader = statement("SELECT max(number) AS last FROM readers");

  const lastNumber = (no: number) => tried(() => numberOf(selectLast?.get(no)?.["last"] ?? 0));
  const readLog = (no: number): DamagedLog | undefined => {
    const row = selectLog?.get(no);
    if (row === undefined) return undefined;
    const bytes = bytesOf(row["header"]);
    const header = decodeHeader(bytes);
    const first = firstHash(sha256, bytes);
    if (header === undefined || !sameBytes(first, bytesOf(row["first_hash"]))) return undefined;
    const flag = (name: string) => row[name] !== 0;
    const acked = Math.max(0, numberOf(row["acked"]));
    const standing = standingIn(row["standing"]) ?? "taken";
    return { no, bytes, header, first, acked, standing, wasCurrent: flag("was_current"), heard: flag("heard") };
  };
  return {
    logs: () =>
      [
        ...numbered(
          readLog,
          tried(() => numberOf(lastNo?.get()?.["last"] ?? 0)),
        ),
      ].map(([, log]) => log),
    *records(no) {
      const read = (number: number) => {
        const row = selectRecord?.get(no, number);
        return row && { number, record: bytesOf(row["record"]), hash: bytesOf(row["hash"]) };
      };
      for (const [, record] of numbered(read, lastNumber(no))) yield record;
    },
    lastNumber,
    readers: () =>
      [
        ...numbered(
          (number) => {
            const row = selectReader?.get(number);
            return row && { number, identity: textOf(row["identity"]) };
          },
          tried(() => numberOf(lastReader?.get()?.["last"] ?? 0)),
        ),
      ].map(([, reader]) => reader),
    close() {
      tried(() => db.close());
    },
  };
}

/** @param last up to where to look; undefined: until there was nothing for long */
function* numbered<Row>(
  read: (number: number) => Row | undefined,
  last: number | undefined,
): Generator<[number, Row], void> {
  let misses = 0;
  for (let number = 1; last === undefined ? misses < MAX_GAP : number <= last; number++) {
    const row = tried(() => read(number));
    misses = row === undefined ? misses + 1 : 0;
    if (row !== undefined) yield [number, row];
  }
}

function tried<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/**
 * Make a file as long as it says it is. SQLite reads nothing of one that is shorter, and of one that is empty it throws the
 * write-ahead log away, which may hold all there is.
 */
function padWithZeros(path: string): void {
  const file = openSync(path, "r+");
  try {
    const { size } = fstatSync(file);
    const header = Buffer.alloc(HEADER_BYTES);
    const isHeader = readSync(file, header, 0, HEADER_BYTES, 0) === HEADER_BYTES;
    // https://www.sqlite.org/fileformat2.html#the_database_header
    const says = isHeader && header.readUInt16BE(16) === PAGE_BYTES ? header.readUInt32BE(28) : 1;
    const pages = Math.max(1, Math.ceil(size / PAGE_BYTES), says <= MAX_PAGES ? says : 1);
    ftruncateSync(file, pages * PAGE_BYTES);
  } finally {
    closeSync(file);
  }
}
