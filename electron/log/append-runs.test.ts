import { expect, test } from "vitest";
import { concatBytes } from "../../shared/bytes.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { createAppendRuns } from "./append-runs.ts";
import type { LogAnswer } from "./log-messages.ts";
import { unpackBytes } from "./packed-bytes.ts";

const recordOf = (at: number) => Uint8Array.of(at >> 8, at & 255);
const hashOf = (at: number) => new Uint8Array(32).fill(at);

/** Runs as they leave, and the answers to them in the test's hands. */
function createBed() {
  const sent: { records: Uint8Array[]; into: string | undefined; answer: (answer: LogAnswer) => void }[] = [];
  const runs = createAppendRuns(
    (packed, into) =>
      new Promise((answer) => {
        sent.push({ records: unpackBytes(packed), into, answer });
      }),
  );
  return { runs, sent };
}

const storedFrom = (first: number, count: number): LogAnswer => ({
  kind: "stored",
  id: 1,
  log: "log",
  first,
  hashes: concatBytes(...Array.from({ length: count }, (_, at) => hashOf(first + at))),
});

test("records of one moment leave together, before anything that waits for them could run", async () => {
  const { runs, sent } = createBed();
  for (const at of [1, 2, 3]) void runs.add(recordOf(at), undefined);
  expect(sent).toEqual([]);
  await Promise.resolve();
  expect(sent.map(({ records }) => records)).toEqual([[recordOf(1), recordOf(2), recordOf(3)]]);
});

test("each record of a run is told its own number and hash, or why it is not stored", async () => {
  const { runs, sent } = createBed();
  const first = [1, 2].map((at) => runs.add(recordOf(at), undefined));
  await Promise.resolve();
  const second = runs.add(recordOf(3), undefined);
  await Promise.resolve();
  sent[0]?.answer(storedFrom(7, 2));
  sent[1]?.answer({ kind: "not-stored", id: 2, reason: say("disk-failed") });
  expect(await Promise.all(first)).toEqual([
    { ok: true, log: "log", number: 7, hash: hashOf(7) },
    { ok: true, log: "log", number: 8, hash: hashOf(8) },
  ]);
  expect(await second).toEqual({ ok: false, reason: say("disk-failed") });
});

test("what goes to another log goes in a run of its own, in the order of the calls", async () => {
  const { runs, sent } = createBed();
  for (const [at, log] of [undefined, undefined, "aa", undefined].entries()) void runs.add(recordOf(at), log);
  await Promise.resolve();
  expect(sent.map(({ records, into }) => [records, into])).toEqual([
    [[recordOf(0), recordOf(1)], undefined],
    [[recordOf(2)], "aa"],
    [[recordOf(3)], undefined],
  ]);
});

test("a crowd's first records are on their way before the last are judged", async () => {
  const { runs, sent } = createBed();
  for (let at = 0; at < 300; at++) void runs.add(recordOf(at), undefined);
  expect(sent.length).toBeGreaterThan(2);
  await Promise.resolve();
  expect(sent.flatMap(({ records }) => records)).toEqual(Array.from({ length: 300 }, (_, at) => recordOf(at)));
});

test("what is asked next finds everything before it sent, once", () => {
  const { runs, sent } = createBed();
  void runs.add(recordOf(1), undefined);
  runs.flush();
  runs.flush();
  expect(sent).toHaveLength(1);
});
