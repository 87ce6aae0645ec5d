/** The logs in the file, as the station knows them from then on. */
import type { DatabaseSync } from "node:sqlite";
import { STANDING_CODES } from "../../shared/link/frames.ts";
import type { Standing } from "../../shared/domain/projection.ts";
import { decodeHeader, decodeRecord } from "../../shared/domain/record.ts";
import { DamagedFile, bytesOf, numberOf, textOf } from "./log-database.ts";
import type { StoredLog } from "./log-messages.ts";

/** The first bytes of a ballot's record: an array of six that begins with 1. */
const BALLOT_PREFIX = Uint8Array.of(0x86, 0x01);

const COLUMNS = `SELECT no, log, header, signature, acked, first_hash, standing, was_current, heard,
  (SELECT max(number) FROM records WHERE log_no = no) AS head,
  (SELECT hash FROM records WHERE log_no = no ORDER BY number DESC LIMIT 1) AS hash,
  (SELECT record FROM records WHERE log_no = no ORDER BY number DESC LIMIT 1) AS record FROM logs`;

/** All logs, oldest first; or only the one with this row number. */
export function readLogs(db: DatabaseSync, only?: number): StoredLog[] {
  const rows =
    only === undefined
      ? db.prepare(`${COLUMNS} ORDER BY no`).all()
      : db.prepare(`${COLUMNS} WHERE no = ? ORDER BY no`).all(only);
  const others = db.prepare(
    "SELECT number FROM records WHERE log_no = ? AND number > ? AND substr(record, 1, 2) <> ? ORDER BY number",
  );
  return rows.map((row) => {
    const no = numberOf(row["no"]);
    const head = row["head"] === null ? 0 : numberOf(row["head"]);
    // What was acknowledged may have been moved away since, see salvage.ts.
    const acked = Math.min(head, numberOf(row["acked"]));
    return {
      log: bytesOf(row["log"]),
      header: headerOf(row["header"]),
      signature: bytesOf(row["signature"]),
      head,
      hash: bytesOf(row["hash"] ?? row["first_hash"]),
      lastMs: row["record"] === null ? 0 : msOf(bytesOf(row["record"])),
      acked,
      others: others.all(no, acked, BALLOT_PREFIX).map((other) => numberOf(other["number"])),
      standing: standingOf(textOf(row["standing"])),
      wasCurrent: numberOf(row["was_current"]) === 1,
      heard: numberOf(row["heard"]) === 1,
    };
  });
}

function headerOf(value: unknown): Uint8Array {
  const bytes = bytesOf(value);
  if (decodeHeader(bytes) === undefined) throw new DamagedFile("a header is none");
  return bytes;
}

function msOf(bytes: Uint8Array): number {
  const record = decodeRecord(bytes);
  if (record === undefined) throw new DamagedFile("a record is none");
  return record.ms;
}

function standingOf(text: string): Standing {
  const standing = standingIn(text);
  if (standing !== undefined) return standing;
  throw new DamagedFile("a column does not hold a standing");
}

/** What the column of a standing says; undefined when it says none. */
export function standingIn(value: unknown): Standing | undefined {
  return typeof value === "string" && isStanding(value) ? value : undefined;
}

function isStanding(text: string): text is Standing {
  return Object.hasOwn(STANDING_CODES, text);
}
