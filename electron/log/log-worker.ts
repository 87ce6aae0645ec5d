/**
 * The thread that owns the log file. Whatever requests wait when it looks are one transaction (group commit, without
 * waiting for more to come: a gather delay makes it slower, measured). In a thread of its own, because a slow disk must not
 * hold up the screen, and in Electron not the whole browser.
 */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import * as v from "valibot";
import { diskTrouble, unusableCode, unusableRemedy } from "./disk-trouble.ts";
import { bytesOf, textOf } from "./log-database.ts";
import { LogWorkerStart, uptimeMs, type LogAnswer, type LogRequest, type LogRequestOf } from "./log-messages.ts";
import { createForesee, createRead } from "./log-reads.ts";
import { createLogWrites, type Write } from "./log-writes.ts";
import { sha256 } from "./sha256.ts";
import { openFile } from "./open-file.ts";
import { openLogs, type OpenedLogs } from "./open-logs.ts";

/** Records in one transaction: bounds how long it, and so one voter, waits for the others in it. */
const MAX_GROUP = 512;
/** Acks and the screen's last picture may be lost, so they wait this long for a commit that takes them along. */
const LAZY_MS = 1_000;
/** But not from the first moment on: while people tap, each vote would write their pages, too. */
const RIDE_AFTER_MS = LAZY_MS / 2;

const port = parentPort;
if (port === null) throw new Error("log-worker runs as a worker thread only");
const start = v.parse(LogWorkerStart, workerData);
const say = (answer: LogAnswer) => port.postMessage(answer);

function run({ db, logs }: OpenedLogs): void {
  if (port === null) return;
  const kept = db.prepare("SELECT name, value FROM kept").all();
  say({
    kind: "opened",
    logs,
    kept: kept.map((row) => ({ name: textOf(row["name"]), value: bytesOf(row["value"]) })),
  });
  const file = openFile({
    db,
    path: start.path,
    sha256,
    wallMs: Date.now,
    onEnd(cause) {
      clearTimeout(lazyTimer);
      say({ kind: "lost", reason: diskTrouble(cause, start.path) });
      port.close();
    },
  });
  const onDisk = createLogWrites(db, sha256);
  const writeAll = (requests: readonly Write[]) => file.guarded(() => onDisk.writeAll(requests));
  const read = createRead(db, sha256);
  const foresee = createForesee(db, sha256);

  const lazy = new Map<string, Write>();
  let lazyTimer: NodeJS.Timeout | undefined;
  /** From when on votes take along what waits lazily. */
  let rideFromMs = Infinity;
  const putOff = (request: Write) => {
    const key = lazyKey(request);
    if (key === undefined) return;
    lazy.set(key, request);
    rideFromMs = Math.min(rideFromMs, isSoon(request) ? 0 : uptimeMs() + RIDE_AFTER_MS);
    lazyTimer ??= setTimeout(() => commit([]), LAZY_MS);
  };
  /** These, and what waits lazily as far as the disk takes it; who is told of success is told after the commit. */
  const commit = (group: readonly Write[]): void => {
    if (isOnlyVotes(group) && uptimeMs() < rideFromMs) return commitWithoutLazy(group);
    clearTimeout(lazyTimer);
    lazyTimer = undefined;
    try {
      const answers = writeAll([...lazy.values(), ...group]);
      lazy.clear();
      rideFromMs = Infinity;
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
  const fail = (group: readonly LogRequest[], error: unknown) => {
    const reason = diskTrouble(error, start.path);
    for (const request of group) if ("id" in request) say({ kind: "not-stored", id: request.id, reason });
    file.heal(error);
  };
  const answerRead = (request: LogRequestOf<"read" | "foresee">) => {
    try {
      say(request.kind === "read" ? read(request) : foresee(request));
    } catch (error) {
      fail([request], error);
    }
  };

  port.on("message", (first: LogRequest) => {
    const group = [first];
    for (let records = recordsIn(first); records < MAX_GROUP;) {
      const more: { message: LogRequest } | undefined = receiveMessageOnPort(port);
      if (more === undefined) break;
      group.push(more.message);
      records += recordsIn(more.message);
    }
    const writes = group.filter((request) => request.kind !== "read" && request.kind !== "foresee");
    writes.forEach(putOff);
    const urgent = writes.filter((request) => lazyKey(request) === undefined && !isLate(request));
    for (const together of apartFromSalvage(urgent)) commit(together);
    // What waits lazily goes with any commit; what should be there soon does not wait for the next vote.
    if (urgent.length === 0 && writes.some(isSoon)) commit([]);
    // Apart from the group: what cannot be read back must not keep a vote from the disk.
    for (const request of group) if (request.kind === "read" || request.kind === "foresee") answerRead(request);
    const close = group.find((request) => request.kind === "close");
    if (close === undefined) return;
    clearTimeout(lazyTimer);
    file.close();
    say({ kind: "done", id: close.id });
    port.close();
  });
}

/** What replaces an earlier request of its kind, and need not be on disk at once; undefined for all others. */
function lazyKey(request: Write): string | undefined {
  if (request.kind === "acked" || request.kind === "standing") return `${request.kind} ${request.log.join()}`;
  return request.kind === "keep" ? `keep ${request.name}` : undefined;
}

function isSoon(request: Write): boolean {
  return request.kind === "keep" && request.soon;
}

function isOnlyVotes(group: readonly Write[]): boolean {
  return group.length > 0 && group.every(({ kind }) => kind === "append");
}

function recordsIn(request: LogRequest): number {
  return request.kind === "append" ? request.records.ends.length : 1;
}

function isLate(request: Write): boolean {
  return request.kind === "append" && request.untilMs < uptimeMs();
}

/** A salvage that fails must not take votes with it, so it is a transaction of its own. */
function apartFromSalvage(urgent: readonly Write[]): Write[][] {
  const groups: Write[][] = [];
  for (const request of urgent) {
    const last = groups.at(-1);
    if (last === undefined || request.kind === "salvage" || last[0]?.kind === "salvage") groups.push([request]);
    else last.push(request);
  }
  return groups;
}

try {
  run(openLogs(start.path, sha256, Date.now()));
} catch (error) {
  say({
    kind: "unusable",
    code: unusableCode(error),
    cause: error instanceof Error ? error.message : String(error),
    remedy: unusableRemedy(error),
    reason: diskTrouble(error, start.path),
  });
  port.close();
}
