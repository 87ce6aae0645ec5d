/**
 * The thread that owns the log file. Whatever requests wait when it looks are one transaction (group commit, without
 * waiting for more to come: a gather delay makes it slower, measured). In a thread of its own, because a slow disk must not
 * hold up the screen, and in Electron not the whole browser.
 */
import { createHash } from "node:crypto";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { DatabaseSync } from "node:sqlite";
import * as v from "valibot";
import { nextHash } from "../../shared/domain/record.ts";
import { diskTrouble, unusableCode } from "./disk-trouble.ts";
import { bytesOf, numberOf, openLogDatabase, readLogs, textOf } from "./log-database.ts";
import { LogWorkerStart, uptimeMs, type LogAnswer, type LogRequest } from "./log-messages.ts";

/** Bounds how long one transaction, and so one voter, waits for the others in it. */
const MAX_GROUP = 512;
/** Acks and the screen's last picture may be lost, so they ride on the next ballot's commit, or wait this long. */
const LAZY_MS = 1_000;

const port = parentPort;
if (port === null) throw new Error("log-worker runs as a worker thread only");
const start = v.parse(LogWorkerStart, workerData);
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const say = (answer: LogAnswer) => port.postMessage(answer);

type Write = Exclude<LogRequest, { kind: "read" }>;

interface Tail {
  no: number;
  head: number;
  hash: Uint8Array;
}

function run(db: DatabaseSync): void {
  if (port === null) return;
  const logs = readLogs(db);
  const kept = db.prepare("SELECT name, value FROM kept").all();
  say({
    kind: "opened",
    logs,
    kept: kept.map((row) => ({ name: textOf(row["name"]), value: bytesOf(row["value"]) })),
  });
  const insertLog = db.prepare("INSERT INTO logs (log, header, signature, first_hash) VALUES (?, ?, ?, ?)");
  const insertRecord = db.prepare("INSERT INTO records (log_no, number, record, hash) VALUES (?, ?, ?, ?)");
  const selectLog = db.prepare("SELECT no, first_hash FROM logs WHERE log = ?");
  const selectRecords = db.prepare(
    "SELECT record, hash FROM records WHERE log_no = ? AND number >= ? ORDER BY number LIMIT ?",
  );
  const selectHash = db.prepare("SELECT hash FROM records WHERE log_no = ? AND number = ?");
  const updateAcked = db.prepare("UPDATE logs SET acked = ? WHERE log = ? AND acked < ?");
  const upsertKept = db.prepare("INSERT INTO kept VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value");
  const insertReader = db.prepare("INSERT INTO readers (identity) VALUES (?) ON CONFLICT DO NOTHING");
  const selectReader = db.prepare("SELECT number FROM readers WHERE identity = ?");
  let tail: Tail | null = null;

  const write = (request: Write, at: Tail | null): { answer: LogAnswer | null; tail: Tail | null } => {
    switch (request.kind) {
      case "begin": {
        const { lastInsertRowid } = insertLog.run(request.log, request.header, request.signature, request.hash);
        const begun = { no: Number(lastInsertRowid), head: 0, hash: request.hash };
        return { answer: { kind: "done", id: request.id }, tail: begun };
      }
      case "append": {
        if (at === null) throw new Error("append before begin");
        const { id, record } = request;
        const next = { no: at.no, head: at.head + 1, hash: nextHash(sha256, at.hash, record) };
        insertRecord.run(next.no, next.head, record, next.hash);
        return { answer: { kind: "stored", id, number: next.head, hash: next.hash }, tail: next };
      }
      case "acked":
        updateAcked.run(request.upTo, request.log, request.upTo);
        return { answer: null, tail: at };
      case "keep":
        upsertKept.run(request.name, request.value);
        return { answer: null, tail: at };
      case "reader": {
        insertReader.run(request.identity);
        const number = numberOf(selectReader.get(request.identity)?.["number"]);
        return { answer: { kind: "reader-number", id: request.id, number }, tail: at };
      }
      case "probe":
        upsertKept.run("probe", new Uint8Array());
        return { answer: { kind: "done", id: request.id }, tail: at };
      case "close":
        // It takes what waits lazily along; the answer comes once the file is closed.
        return { answer: null, tail: at };
    }
  };
  const read = ({ id, log, from, limit }: Extract<LogRequest, { kind: "read" }>): LogAnswer => {
    const row = selectLog.get(log);
    if (row === undefined) throw new Error("read of an unknown log");
    const no = numberOf(row["no"]);
    const before = from === 1 ? row["first_hash"] : selectHash.get(no, from - 1)?.["hash"];
    const records = selectRecords.all(no, from, limit).map((found) => bytesOf(found["record"]));
    return { kind: "records", id, hashBefore: bytesOf(before), records };
  };
  const lazy = new Map<string, Write>();
  let lazyTimer: NodeJS.Timeout | undefined;
  const isLazy = ({ kind }: Write) => kind === "acked" || kind === "keep";
  const putOff = (request: Write) => {
    if (request.kind === "acked") lazy.set(`acked ${request.log.join()}`, request);
    if (request.kind === "keep") lazy.set(`keep ${request.name}`, request);
    lazyTimer ??= setTimeout(() => commit([]), LAZY_MS);
  };
  /** One transaction: all of these are on disk when it returns; else none, and it throws. */
  const writeAll = (requests: readonly Write[]): LogAnswer[] => {
    let at = tail;
    const answers: LogAnswer[] = [];
    try {
      db.exec("BEGIN IMMEDIATE");
      for (const request of requests) {
        const written = write(request, at);
        at = written.tail;
        if (written.answer !== null) answers.push(written.answer);
      }
      // The voter sees success only after this returned: with synchronous=FULL it syncs the file.
      db.exec("COMMIT");
    } catch (error) {
      rollBack();
      throw error;
    }
    tail = at;
    return answers;
  };
  /** These, and whatever waits lazily as far as the disk takes it; who is told of success is told after the commit. */
  const commit = (group: readonly Write[]): void => {
    clearTimeout(lazyTimer);
    lazyTimer = undefined;
    try {
      const answers = writeAll([...lazy.values(), ...group]);
      lazy.clear();
      answers.forEach(say);
    } catch (error) {
      if (lazy.size > 0 && group.length > 0) return commitWithoutLazy(group);
      fail(group, error);
    }
    return undefined;
  };
  /** The last room on a disk is for votes. What waits lazily goes on waiting. */
  const commitWithoutLazy = (group: readonly Write[]) => {
    try {
      writeAll(group).forEach(say);
    } catch (error) {
      fail(group, error);
    }
  };
  const rollBack = () => {
    try {
      if (db.isTransaction) db.exec("ROLLBACK");
    } catch {
      // A disk that fails so thoroughly fails the next group, too, which says why and comes back here.
    }
  };
  const fail = (group: readonly LogRequest[], error: unknown) => {
    const reason = diskTrouble(error, start.path);
    for (const request of group) if ("id" in request) say({ kind: "not-stored", id: request.id, reason });
  };
  const answerRead = (request: Extract<LogRequest, { kind: "read" }>) => {
    try {
      say(read(request));
    } catch (error) {
      fail([request], error);
    }
  };
  const isLate = (request: Write) => request.kind === "append" && request.untilMs < uptimeMs();

  port.on("message", (first: LogRequest) => {
    const group = [first];
    while (group.length < MAX_GROUP) {
      const more: { message: LogRequest } | undefined = receiveMessageOnPort(port);
      if (more === undefined) break;
      group.push(more.message);
    }
    const reads = group.filter((request) => request.kind === "read");
    const writes = group.filter((request) => request.kind !== "read");
    writes.filter(isLazy).forEach(putOff);
    const urgent = writes.filter((request) => !isLazy(request) && !isLate(request));
    if (urgent.length > 0) commit(urgent);
    // Apart from the group: what cannot be read back must not keep a vote from the disk.
    reads.forEach(answerRead);
    const close = group.find((request) => request.kind === "close");
    if (close === undefined) return;
    clearTimeout(lazyTimer);
    db.close();
    say({ kind: "done", id: close.id });
    port.close();
  });
}

try {
  run(openLogDatabase(start.path));
} catch (error) {
  say({
    kind: "unusable",
    code: unusableCode(error),
    cause: error instanceof Error ? error.message : String(error),
  });
  port.close();
}
