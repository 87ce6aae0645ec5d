/**
 * What a damaged log file still holds, moved to a new one: of each log the beginning whose running hash is right. What reads
 * and verifies behind a gap goes to a log of its own, as in a salvage, unless the server has it already; and what nobody
 * heard of goes on from there. Records that nothing vouches for stay behind.
 */
import { rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { sameBytes, toHex } from "../../shared/bytes.ts";
import {
  decodeRecord,
  encodeHeader,
  firstHash,
  nextHash,
  type LogPlace,
  type Sha256,
} from "../../shared/domain/record.ts";
import { openDamagedRows, type DamagedLog, type DamagedRows } from "./damaged-rows.ts";
import { openLogDatabase } from "./log-database.ts";
import type { NewLog } from "./log-messages.ts";
import { movedId } from "./moved-id.ts";
import { encodeRescued, RESCUED, type Rescued } from "./rescued.ts";
import { createSalvage, type Tail } from "./salvage.ts";

/**
 * Make the new file from the old one. Throws when the disk does not take it; never for what does not read.
 * @param from of which a copy is kept. @param to where the new file is made, closed when this returns
 * @param aside the name of that copy
 */
export function rescue(from: string, to: string, sha256: Sha256, aside: string): void {
  for (const name of [to, `${to}-wal`, `${to}-shm`]) rmSync(name, { force: true });
  const rows = openDamagedRows(from, sha256);
  try {
    const db = openLogDatabase(to);
    try {
      db.exec("BEGIN IMMEDIATE");
      const rescued = encodeRescued({ aside, ...copyAll(rows, db, sha256) });
      db.prepare("INSERT INTO kept VALUES (?, ?)").run(RESCUED, rescued);
      db.exec("COMMIT");
    } finally {
      db.close();
    }
  } finally {
    rows.close();
  }
}

/** What became of a log: up to where its numbers stand for something, and where a log goes on that goes on from it. */
interface Became {
  reach: number;
  end: LogPlace;
}

function copyAll(rows: DamagedRows, db: DatabaseSync, sha256: Sha256): Omit<Rescued, "aside"> {
  const copyLog = createCopyLog(rows, db, sha256);
  const became = new Map<string, Became>();
  const rescued = { logs: 0, records: 0, lost: 0 };
  for (const log of rows.logs()) {
    const { parent } = log.header;
    const to = parent && became.get(toHex(parent.log));
    // Its parent's end is gone with the damage. One that a server has heard of must keep its name all the same.
    const moves = to && parent && parent.number > to.reach && !log.heard;
    const { records, lost, ...end } = copyLog(log, moves ? to.end : undefined);
    became.set(toHex(log.header.log), end);
    rescued.logs += 1;
    rescued.records += records;
    rescued.lost += lost;
  }
  const insertReader = db.prepare("INSERT OR IGNORE INTO readers (number, identity) VALUES (?, ?)");
  for (const { number, identity } of rows.readers()) insertReader.run(number, identity);
  return rescued;
}

function createCopyLog(rows: DamagedRows, db: DatabaseSync, sha256: Sha256) {
  const { begin, add } = createSalvage(db, sha256);
  const update = db.prepare("UPDATE logs SET acked = ?, standing = ?, heard = ? WHERE no = ?");

  return (log: DamagedLog, newParent: LogPlace | undefined): Became & { records: number; lost: number } => {
    const named = newParent === undefined ? unsigned(log.bytes, log.header.log, log.first) : heirOf(log, newParent);
    let at = begin(named, log.wasCurrent);
    const behind: { record: Uint8Array; hash: Uint8Array }[] = [];
    let ackedHash: Uint8Array | undefined;
    let clock: Uint8Array | undefined;
    for (const { record, number, hashBefore, hash } of verified(rows, log, sha256)) {
      if (number === log.acked) ackedHash = hash;
      if (number === log.acked + 1) ackedHash = hashBefore;
      if (number === at.head + 1) at = add(at, record);
      else if (number > log.acked) behind.push({ record, hash });
      if (behind.length === 0 && decodeRecord(record)?.kind === "clock") clock = record;
    }
    update.run(Math.min(log.acked, at.head), log.standing, log.heard ? 1 : 0, at.no);
    const reach = Math.max(at.head, log.acked);
    const lost = Math.max(0, (rows.lastNumber(log.no) ?? 0) - reach - behind.length);
    const [first] = behind;
    if (first === undefined) return { reach, end: placeOf(named.log, at), records: at.head, lost };

    // The server has the log up to where it said so, and what it has is further than what is left here.
    const isFurther = log.acked > at.head && ackedHash !== undefined;
    const parent =
      isFurther && ackedHash ? { log: named.log, number: log.acked, hash: ackedHash } : placeOf(named.log, at);
    const { station, event, openedAtMs } = log.header;
    const id = movedId(sha256, named.log, first.hash);
    const to = newLog({ log: id, station, event, openedAtMs, parent });
    let moved = begin(to, log.wasCurrent);
    // Both logs count their milliseconds from the same moment, so its word on the time holds for what moves.
    if (clock !== undefined) moved = add(moved, clock);
    for (const { record } of behind) moved = add(moved, record);
    update.run(0, log.standing, 0, moved.no);
    return { reach, end: placeOf(to.log, moved), records: at.head + behind.length, lost };
  };

  function heirOf(log: DamagedLog, parent: LogPlace): NewLog {
    return newLog({ ...log.header, log: movedId(sha256, log.header.log, parent.hash), parent });
  }
  function newLog(header: Parameters<typeof encodeHeader>[0]): NewLog {
    const bytes = encodeHeader(header);
    return unsigned(bytes, header.log, firstHash(sha256, bytes));
  }
}

/** Who has the key signs it: own-logs.ts. A signature that lay in a damaged file may be damaged, too. */
function unsigned(header: Uint8Array, log: Uint8Array, hash: Uint8Array): NewLog {
  return { log, header, signature: new Uint8Array(), hash };
}

function placeOf(log: Uint8Array, { head, hash }: Tail): LogPlace {
  return { log, number: head, hash };
}

/** The records that continue the one before them, or the header. */
function* verified(rows: DamagedRows, { no, first }: DamagedLog, sha256: Sha256) {
  let before = { number: 0, hash: first };
  for (const { number, record, hash } of rows.records(no)) {
    const hashBefore = before.hash;
    const continues = before.number === number - 1 && sameBytes(nextHash(sha256, hashBefore, record), hash);
    before = { number, hash };
    if (continues && decodeRecord(record) !== undefined) yield { number, record, hashBefore, hash };
  }
}
