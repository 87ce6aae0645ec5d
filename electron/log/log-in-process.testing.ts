/** For tests only: the log file without its thread, for histories by the hundred. */
import { openLogDatabase } from "./log-database.ts";
import type { LogAnswer } from "./log-messages.ts";
import { createForesee, createRead } from "./log-reads.ts";
import { createLogWrites, type Write } from "./log-writes.ts";
import { packBytes } from "./packed-bytes.ts";
import { sha256 } from "./log-bed.testing.ts";
import type { StationLog } from "./station-log.ts";
import { bytesOfHex } from "../../shared/bytes.ts";
import { readLogs } from "./stored-logs.ts";

export type LogInProcess = Pick<
  StationLog,
  "found" | "begin" | "append" | "salvage" | "foresee" | "heard" | "read" | "acked" | "standing" | "close"
>;

export function openLogInProcess(path: string): LogInProcess {
  const db = openLogDatabase(path);
  // Nobody pulls the plug here.
  db.exec("PRAGMA synchronous=OFF");
  const { writeAll } = createLogWrites(db, sha256);
  const read = createRead(db, sha256);
  const foresee = createForesee(db, sha256);
  /** Answers come later, in order, as they do from a thread. */
  const write = async (request: Write): Promise<LogAnswer | undefined> => {
    const [answer] = writeAll([request]);
    await new Promise<void>((resolve) => void setImmediate(resolve));
    return answer;
  };
  return {
    found: readLogs(db),
    async begin(log) {
      await write({ kind: "begin", id: 0, log });
    },
    async append(record, into) {
      const log = into === undefined ? null : bytesOfHex(into);
      const answer = await write({ kind: "append", id: 0, records: packBytes([record]), log, untilMs: Infinity });
      if (answer?.kind !== "stored") throw new Error(`unexpected ${answer?.kind}`);
      return { ok: true, log: answer.log, number: answer.first, hash: answer.hashes };
    },
    async salvage(from, after, to, heirs = []) {
      const answer = await write({ kind: "salvage", id: 0, from, after, to, heirs });
      if (answer?.kind !== "salvaged") throw new Error(`unexpected ${answer?.kind}`);
      return answer.made;
    },
    async foresee(from, after, hash) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      return foresee({ kind: "foresee", id: 0, from, after, hash });
    },
    async heard(log) {
      await write({ kind: "heard", id: 0, log });
    },
    async read(log, from, limit) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      return read({ kind: "read", id: 0, log, from, limit });
    },
    acked: (log, upTo) => void writeAll([{ kind: "acked", log, upTo }]),
    standing: (log, standing) => void writeAll([{ kind: "standing", log, standing }]),
    async close() {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      if (db.isOpen) db.close();
    },
  };
}
