/**
 * A program for tests that kill it: appends ballots for ever and prints what became of each, `ack CURSOR NUMBER` or
 * `no REASON`. Arguments: data directory, number of the round, appends in flight.
 */
import type { Change } from "../../../shared/domain/entry.ts";
import { createTestLog, testId, testPoll, testTag } from "../../../shared/domain/testing.ts";
import { sha256 } from "../sha256.ts";
import { openSqliteLedger } from "./sqlite-ledger.ts";

const [directory = "", round = "1", inFlight = "1"] = process.argv.slice(2);
const opened = await openSqliteLedger(directory, { clock: Date.now });
if (!opened.ok) throw new Error(opened.reason);
const { ledger } = opened;

const poll = testPoll(sha256, 1);
const station = testId(0xb);
const log = createTestLog(sha256, { log: testId(Number(round)), station, event: testId(0xc), openedAtMs: Date.now() });
log.add({ kind: "clock", ms: 0, serverMs: Date.now() + 1000, uncertaintyMs: 5 });
const start: Change[] = [
  { kind: "event-created", event: testId(0xc) },
  { kind: "station-admitted", station, key: new Uint8Array(32) },
  poll.defined,
  poll.opened,
  log.opened,
  log.batch(),
];
for (const change of start) await ledger.append(change);

// Tags differ between rounds, so that every ballot counts.
const TAGS_PER_ROUND = 10_000_000;
// Sent again soon, as by a station whose back-off has just begun.
const RETRY_MS = 20;
for (let head = 1; ;) {
  for (let number = log.records.length + 1; number <= head + Number(inFlight); number++) {
    const tagKey = testTag(Number(round) * TAGS_PER_ROUND + number);
    log.add({ kind: "ballot", poll: poll.short, option: 1, tagKey, ms: number, reader: 1 });
  }
  const answers = await Promise.all(
    Array.from({ length: Number(inFlight) }, async (_, at) => {
      const number = head + 1 + at;
      const appended = await ledger.append(log.batch(number, 1));
      process.stdout.write(`${said(appended, number)}\n`);
      return appended;
    }),
  );
  for (const answer of answers)
    if (answer.ok && answer.folded.kind === "batch") head = Math.max(head, answer.folded.head);
  if (answers.some(({ ok }) => !ok)) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
}

function said(appended: Awaited<ReturnType<typeof ledger.append>>, number: number): string {
  if (!appended.ok) return `no ${appended.why === "not-stored" ? appended.reason : appended.why}`;
  const ignored = appended.folded.kind === "batch" ? appended.folded.ignored : appended.folded.kind;
  return ignored === null ? `ack ${appended.cursor} ${number}` : `ignored ${ignored}`;
}
