/** A station's disk as a virtual machine leaves it that was resumed from a snapshot and went on writing to its log. */
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import { shortHash } from "../../shared/domain/poll.ts";
import { TAG_KEY_BYTES, decodeRecord, encodeRecord, nextHash } from "../../shared/domain/record.ts";

const sha256 = (content: Uint8Array) => new Uint8Array(createHash("sha256").update(content).digest());

/**
 * Write ballots of new people to the end of the last log on this disk, whose program is not running.
 * @param hash the poll's. @returns the records' bytes, hexadecimal
 */
export function appendBallots(directory: string, hash: string, option: number, count: number): string[] {
  const database = new DatabaseSync(join(directory, "log.sqlite"));
  try {
    const rows = database
      .prepare("SELECT log_no, number, record, hash FROM records ORDER BY log_no DESC, number DESC")
      .all();
    const records = rows.map((row) => decodeRecord(bytes(row["record"])));
    // A better time may have been noted after the last vote.
    const [last, record, ballot] = [rows[0], records[0], records.find((one) => one?.kind === "ballot")];
    if (!record || ballot?.kind !== "ballot") throw new Error("the log has no ballot");
    const insert = database.prepare("INSERT INTO records (log_no, number, record, hash) VALUES (?, ?, ?, ?)");
    let running = bytes(last?.["hash"]);
    return Array.from({ length: count }, (_, at) => {
      const next = encodeRecord({
        kind: "ballot",
        poll: bytesOfHex(shortHash(hash)),
        option,
        tagKey: new Uint8Array(randomBytes(TAG_KEY_BYTES)),
        ms: record.ms + at + 1,
        reader: ballot.reader,
      });
      running = nextHash(sha256, running, next);
      insert.run(whole(last?.["log_no"]), whole(last?.["number"]) + at + 1, next, running);
      return toHex(next);
    });
  } finally {
    database.close();
  }
}

function bytes(value: SQLOutputValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Error(`expected bytes, not ${typeof value}`);
  return value;
}

function whole(value: SQLOutputValue | undefined): number {
  if (typeof value !== "number") throw new Error(`expected a number, not ${typeof value}`);
  return value;
}
