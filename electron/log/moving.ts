/** The records that move when a log is salvaged after a number, in the order and the number they have from then on. */
import type { DatabaseSync } from "node:sqlite";
import { bytesOf, numberOf } from "./log-database.ts";

/** Records that are in memory at once while they move. */
const PAGE = 1_000;
/** The first bytes of a clock record: an array of four that begins with 2. */
const CLOCK_PREFIX = Uint8Array.of(0x84, 0x02);

/** @returns canonical bytes of each record that moves from the log with this row number */
export function createMoving(db: DatabaseSync): (no: number, after: number) => Generator<Uint8Array, void> {
  const selectClock = db.prepare(
    `SELECT record FROM records WHERE log_no = ? AND number <= ? AND substr(record, 1, 2) = ?
    ORDER BY number DESC LIMIT 1`,
  );
  const selectPage = db.prepare(
    "SELECT number, record FROM records WHERE log_no = ? AND number > ? ORDER BY number LIMIT ?",
  );
  return function* moving(no, after) {
    // Both logs count their milliseconds from the same moment, so its word on the time holds for what moves.
    const clock = selectClock.get(no, after, CLOCK_PREFIX);
    if (clock !== undefined) yield bytesOf(clock["record"]);
    let page = selectPage.all(no, after, PAGE);
    while (page.length > 0) {
      for (const row of page) yield bytesOf(row["record"]);
      page = selectPage.all(no, numberOf(page.at(-1)?.["number"]), PAGE);
    }
  };
}
