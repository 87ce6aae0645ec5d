/**
 * The ledger's thread: takes everything that waits at its port, writes the entries among it in one transaction, and
 * answers after the commit. Nothing is held back to gather more: what arrives during a commit is the next group.
 */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { watermarks } from "../../../shared/domain/certification.ts";
import { explainFault, isSqliteError } from "./ledger-fault.ts";
import type { Answer, FromThread, Question, ToThread } from "./ledger-messages.ts";
import { createLedgerStore, type LedgerStore } from "./ledger-store.ts";
import { openDatabase } from "./open-database.ts";

/**
 * Bytes of entries in one group: about 9,000 ballots, whose commit takes as long as folding some hundred of them. Beyond
 * that a larger group gains nothing, and the first in it would wait longer than a voter looks at the screen.
 */
const MAX_GROUP_BYTES = 262_144;

type Waiting = { id: number; question: Extract<Question, { kind: "append" }> };

if (parentPort === null) throw new Error("the ledger's thread was started as a program of its own");
const port = parentPort;
const path = String(workerData);

const post = (message: FromThread) => port.postMessage(message);

try {
  const database = openDatabase(path);
  const store = createLedgerStore(database);
  port.on("message", (first: ToThread) => {
    let next: ToThread | undefined = first;
    while (next !== undefined) next = takeGroup(store, next, () => database.close());
  });
  post({ kind: "ready", standing: store.look().standing() });
} catch (error) {
  post({ kind: "not-opened", ...explainFault(error, path) });
  port.close();
}

/** Handles what waits up to a full group or a question of another kind, and returns the message after that. */
function takeGroup(store: LedgerStore, first: ToThread, closeFile: () => void): ToThread | undefined {
  const group: Waiting[] = [];
  let bytes = 0;
  let message: ToThread | undefined = first;
  while (message !== undefined && message.question.kind === "append" && bytes < MAX_GROUP_BYTES) {
    bytes += message.question.entry.body.byteLength;
    group.push({ id: message.id, question: message.question });
    message = receive();
  }
  if (group.length > 0) {
    write(store, group);
    return message;
  }
  if (message === undefined) return undefined;
  const { id, question } = message;
  post({ kind: "answers", committed: null, answers: [{ id, answer: answerOne(store, question, closeFile) }] });
  if (question.kind === "close") port.close();
  return question.kind === "close" ? undefined : receive();
}

function receive(): ToThread | undefined {
  const received: { message: ToThread } | undefined = receiveMessageOnPort(port);
  return received?.message;
}

function write(store: LedgerStore, group: readonly Waiting[]): void {
  try {
    const { answers, committed } = store.appendGroup(group.map(({ question }) => question.entry));
    post({
      kind: "answers",
      committed,
      answers: answers.map((appended, at) => ({ id: group[at]?.id ?? 0, answer: { kind: "append", appended } })),
    });
  } catch (error) {
    // When our own code, not the disk, cannot take one of them, the others must not suffer for it.
    if (group.length > 1 && !isSqliteError(error)) return group.forEach((one) => write(store, [one]));
    const { reason } = explainFault(error, path);
    const answer: Answer = { kind: "append", appended: { ok: false, why: "not-stored", reason } };
    post({ kind: "answers", committed: null, answers: group.map(({ id }) => ({ id, answer })) });
  }
}

function answerOne(store: LedgerStore, question: Question, closeFile: () => void): Answer {
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
      case "close":
        closeFile();
        return { kind: "close" };
      case "append":
        throw new Error("an entry outside of a group");
    }
  } catch (error) {
    return { kind: "failed", reason: explainFault(error, path).reason };
  }
}
