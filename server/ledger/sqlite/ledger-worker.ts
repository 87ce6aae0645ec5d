/**
 * The ledger's thread: takes everything that waits at its port, writes the entries among it in one transaction, and
 * answers after the commit. Nothing is held back to gather more: what arrives during a commit is the next group.
 */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import * as v from "valibot";
import { watermarks } from "../../../shared/domain/certification.ts";
import { existsSync } from "node:fs";
import { explainFault, isSqliteError, LedgerFaultError } from "./ledger-fault.ts";
import { LedgerStart, type Answer, type FromThread, type Question, type ToThread } from "./ledger-messages.ts";
import { createLedgerStore, type LedgerStore } from "./ledger-store.ts";
import { openDatabase } from "./open-database.ts";
import { openFile, type OpenFile } from "./open-file.ts";

/**
 * Bytes of entries in one group: about 9,000 ballots, whose commit takes as long as folding some hundred of them. Beyond
 * that a larger group gains nothing, and the first in it would wait longer than a voter looks at the screen.
 */
const MAX_GROUP_BYTES = 262_144;

type Waiting = { id: number; question: Extract<Question, { kind: "append" }> };

if (parentPort === null) throw new Error("the ledger's thread was started as a program of its own");
const port = parentPort;
const { path, atLeast } = v.parse(LedgerStart, workerData);

const post = (message: FromThread) => port.postMessage(message);

try {
  // Begun anew it would be another event's.
  if (atLeast > 0 && !existsSync(path))
    throw new LedgerFaultError(
      "not-writable",
      "it was removed while the server runs, and nothing was left to put back",
    );
  const database = openDatabase(path);
  const store = createLedgerStore(database);
  const standing = store.look().standing();
  if (standing.cursor < atLeast) {
    database.close();
    throw new LedgerFaultError("replaced", `it has ${standing.cursor} entries, and had ${atLeast}`);
  }
  const file = openFile(database, path, (cause) => {
    post({ kind: "ended", reason: explainFault(cause, path).reason });
    port.close();
  });
  port.on("message", (first: ToThread) => {
    let next: ToThread | undefined = first;
    while (next !== undefined) next = takeGroup(store, next, file);
  });
  post({ kind: "ready", standing });
} catch (error) {
  post({ kind: "not-opened", ...explainFault(error, path) });
  port.close();
}

/** Handles what waits up to a full group or a question of another kind, and returns the message after that. */
function takeGroup(store: LedgerStore, first: ToThread, file: OpenFile): ToThread | undefined {
  const group: Waiting[] = [];
  let bytes = 0;
  let message: ToThread | undefined = first;
  while (message !== undefined && message.question.kind === "append" && bytes < MAX_GROUP_BYTES) {
    bytes += message.question.entry.body.byteLength;
    group.push({ id: message.id, question: message.question });
    message = receive();
  }
  if (group.length > 0) {
    write(store, group, file);
    return message;
  }
  if (message === undefined) return undefined;
  const { id, question } = message;
  post({ kind: "answers", committed: null, answers: [{ id, answer: answerOne(store, question, file) }] });
  if (question.kind === "close") port.close();
  return question.kind === "close" ? undefined : receive();
}

function receive(): ToThread | undefined {
  const received: { message: ToThread } | undefined = receiveMessageOnPort(port);
  return received?.message;
}

function write(store: LedgerStore, group: readonly Waiting[], file: OpenFile): void {
  try {
    const { answers, committed } = file.guarded(() => store.appendGroup(group.map(({ question }) => question.entry)));
    post({
      kind: "answers",
      committed,
      answers: answers.map((appended, at) => ({ id: group[at]?.id ?? 0, answer: { kind: "append", appended } })),
    });
  } catch (error) {
    // When our own code, not the disk, cannot take one of them, the others must not suffer for it.
    if (group.length > 1 && !isSqliteError(error) && !(error instanceof LedgerFaultError))
      return group.forEach((one) => write(store, [one], file));
    const { reason } = explainFault(error, path);
    const answer: Answer = { kind: "append", appended: { ok: false, why: "not-stored", reason } };
    post({ kind: "answers", committed: null, answers: group.map(({ id }) => ({ id, answer })) });
    file.heal(error);
  }
}

function answerOne(store: LedgerStore, question: Question, file: OpenFile): Answer {
  try {
    switch (question.kind) {
      case "log":
        return { kind: "log", row: store.look().log(question.log) };
      case "logsOf":
        return { kind: "logsOf", rows: store.look().logsOf(question.station) };
      case "hashAt":
        return { kind: "hashAt", hash: store.hashAt(question.log, question.number) };
      case "watermarks": {
        const projection = store.look();
        const poll = projection.poll(question.poll);
        return { kind: "watermarks", watermarks: poll && watermarks(projection, poll) };
      }
      case "lateBallots":
        return { kind: "lateBallots", ballots: store.look().lateBallots(question.poll, question.limit) };
      case "rollChunk":
        return { kind: "rollChunk", chunk: store.look().rollChunk(question.hash) };
      case "rollSize":
        return { kind: "rollSize", size: store.look().rollSize() };
      case "entries":
        return { kind: "entries", entries: store.entries(question.from, question.limit) };
      case "rebuild":
        return { kind: "rebuild", folded: store.rebuild() };
      case "dump":
        return { kind: "dump", dump: store.look().dump() };
      case "probe":
        file.guarded(store.probe);
        return { kind: "probe" };
      case "close":
        file.close();
        return { kind: "close" };
      case "append":
        throw new Error("an entry outside of a group");
    }
  } catch (error) {
    return { kind: "failed", reason: explainFault(error, path).reason };
  }
}
