import { expect, test } from "vitest";
import { testId, testPoll } from "../../shared/domain/testing.ts";
import { createMemoryLedger } from "../certify/memory-ledger.testing.ts";
import { sha256 } from "../ledger/sha256.ts";
import { createHeardJournal } from "./journal.testing.ts";
import { noteCommits } from "./note-commits.ts";

const EVENT = "e".repeat(32);

test("acts are noted once each, votes and what was known before are not", async () => {
  const ledger = createMemoryLedger(() => 1_000);
  await ledger.append({ kind: "event-created", event: EVENT });
  const known = testId(7);
  await ledger.append({ kind: "station-admitted", station: known, key: new Uint8Array(32).fill(7) });
  const journal = createHeardJournal();
  ledger.onCommit(noteCommits(journal, await ledger.standing()));
  const poll = testPoll(sha256, 1);
  for (const act of [
    poll.defined,
    poll.opened,
    { kind: "poll-paused", poll: testId(1) } as const,
    poll.opened,
    poll.closed,
  ])
    await ledger.append(act);
  const station = testId(8);
  await ledger.append({ kind: "station-admitted", station, key: new Uint8Array(32).fill(8) });
  await ledger.append({ kind: "station-revoked", station, accepted: [] });
  await ledger.append({ kind: "station-revoked", station: known, accepted: [] });
  await ledger.append({ kind: "poll-barred", poll: testId(1), why: "drained", missing: [], reason: null });
  const { polls } = await ledger.standing();
  const row = polls.get(testId(1));
  await ledger.append({
    kind: "poll-certified",
    poll: testId(1),
    barrier: row?.barrier?.cursor ?? 0,
    totals: row?.tally ?? [],
  });
  expect(journal.events()).toEqual([
    "poll.opened",
    "poll.paused",
    "poll.opened",
    "poll.closed",
    "station.admitted",
    "station.revoked",
    "station.revoked",
    "certify.certified",
  ]);
  expect(journal.heard()).toContain(`"poll":"${testId(1)}","missing":0,"why":"drained"`);
});
