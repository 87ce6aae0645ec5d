/** A damaged log file: what still reads goes on counting, what does not is told, and nothing is lost by looking at it. */
import {
  closeSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, test } from "vitest";
import { sameBytes, toHex } from "../../shared/bytes.ts";
import { hashRecords } from "../../shared/domain/batch.ts";
import { decodeHeader, decodeRecord } from "../../shared/domain/record.ts";
import { MAX_ASIDE, asideOf, finishPutting, setAside } from "./aside.ts";
import { append, ballotAt, beginLog, clockAt, createLogBed, newLog, sha256 } from "./log-bed.testing.ts";
import type { StationLog } from "./station-log.ts";

const bed = createLogBed();
afterEach(bed.clear);

const PAGE_BYTES = 4_096;
const RECORDS = 600;
const fileIn = (directory: string) => join(directory, "log.sqlite");

/** A closed file with a log of 600 records, the second of which is a clock's. */
async function fileWith(acked: number) {
  const directory = bed.newDirectory();
  const store = await bed.open(directory);
  const { log } = await beginLog(store);
  await append(store, ballotAt(1), clockAt(2), ...Array.from({ length: RECORDS - 2 }, (_, at) => ballotAt(at + 3)));
  await store.heard(log);
  store.acked(log, acked);
  await store.close();
  return { directory, log };
}

/** The page that holds this record of the file. */
function pageOf(directory: string, ms: number): number {
  const bytes = readFileSync(fileIn(directory));
  const { tagKey } = ballotAt(ms) as { tagKey: Uint8Array };
  const at = bytes.indexOf(Buffer.from(tagKey));
  expect(at).toBeGreaterThan(0);
  return Math.floor(at / PAGE_BYTES);
}

function scribble(path: string, from: number, length: number): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.from("coffee ".repeat(length / 7 + 1)).subarray(0, length), 0, length, from);
  closeSync(file);
}

async function allOf(store: StationLog, at: number) {
  const log = store.found[at];
  if (log === undefined) throw new Error(`there is no log ${at}`);
  const read = await store.read(log.log, 1, log.head + 1);
  const records = read.records.flatMap((bytes) => decodeRecord(bytes) ?? []);
  expect(hashRecords(sha256, read.hashBefore, records)).toEqual(log.hash);
  return records;
}

describe("of a file with a damaged page", () => {
  test("the beginning stays in its log, and what is behind the gap goes to a log of its own that continues it", async () => {
    const { directory, log } = await fileWith(0);
    scribble(fileIn(directory), pageOf(directory, 300) * PAGE_BYTES, PAGE_BYTES);
    const store = await bed.open(directory);
    const [old, moved] = store.found;
    if (old === undefined || moved === undefined) throw new Error("two logs were expected");
    expect(sameBytes(old.log, log)).toBe(true);
    expect(old).toMatchObject({ acked: 0, heard: true, wasCurrent: true });
    expect(moved).toMatchObject({ acked: 0, heard: false, wasCurrent: true, signature: new Uint8Array() });
    expect(decodeHeader(moved.header)?.parent).toEqual({ log, number: old.head, hash: old.hash });
    const beginning = await allOf(store, 0);
    const behind = await allOf(store, 1);
    expect(beginning.map(({ ms }) => ms)).toEqual(beginning.map((_, at) => at + 1));
    // First what the clock last said before the gap; both logs count from the same moment.
    expect(behind[0]).toEqual(clockAt(2));
    expect(behind.slice(1).at(-1)).toEqual(ballotAt(RECORDS));
    const lost = RECORDS - beginning.length - (behind.length - 1);
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(100);
    expect(store.rescued()).toMatchObject({ logs: 1, records: RECORDS - lost, lost });
  });

  test("what the server has is not sent again, and what it lacks continues what it has", async () => {
    const { directory, log } = await fileWith(590);
    scribble(fileIn(directory), pageOf(directory, 300) * PAGE_BYTES, PAGE_BYTES);
    const store = await bed.open(directory);
    const [old, moved] = store.found;
    expect(old?.head).toBeLessThan(300);
    expect(moved && decodeHeader(moved.header)?.parent).toMatchObject({ log, number: 590 });
    expect((await allOf(store, 1)).map(({ ms }) => ms)).toEqual([
      2,
      ...Array.from({ length: 10 }, (_, at) => 591 + at),
    ]);
    expect(store.rescued()).toMatchObject({ lost: 0 });
  });

  test("it is kept as it was found, and said until it is moved away", async () => {
    const { directory } = await fileWith(0);
    scribble(fileIn(directory), 0, PAGE_BYTES);
    const found = readFileSync(fileIn(directory));
    const store = await bed.open(directory);
    const [aside = ""] = asideOf(fileIn(directory));
    expect(aside).toMatch(/^log\.damaged-\d{8}T\d{6}Z\.sqlite$/);
    expect(readFileSync(join(directory, aside)).equals(found)).toBe(true);
    expect(store.rescued()).toEqual({ aside, logs: 0, records: 0, lost: 0 });
    await store.close();
    const again = await bed.open(directory);
    expect(again.rescued()).toMatchObject({ aside });
    expect(readdirSync(directory).toSorted()).toEqual([aside, "log.sqlite", "log.sqlite-wal"]);
  });
});

describe("of a log that goes on from a place behind the gap", () => {
  /** @returns what became of it, and of the logs before */
  async function afterDamage(isHeard: boolean) {
    const { directory } = await fileWith(0);
    const first = await bed.open(directory);
    const [old] = first.found;
    if (old === undefined) throw new Error("the log is gone");
    const child = newLog({ log: old.log, number: old.head, hash: old.hash });
    await first.begin(child);
    await append(first, ballotAt(5_000), ballotAt(5_001));
    if (isHeard) await first.heard(child.log);
    await first.close();
    scribble(fileIn(directory), pageOf(directory, 400) * PAGE_BYTES, PAGE_BYTES);
    const store = await bed.open(directory);
    const last = store.found.at(-1);
    if (last === undefined) throw new Error("the logs are gone");
    expect((await allOf(store, store.found.length - 1)).map(({ ms }) => ms)).toEqual([5_000, 5_001]);
    return {
      child: toHex(child.log),
      last: toHex(last.log),
      place: decodeHeader(last.header)?.parent,
      found: store.found,
    };
  }

  test("and that nobody heard of, the records go on from what is left", async () => {
    const { child, last, place, found } = await afterDamage(false);
    expect(last).not.toBe(child);
    const parent = found.find(({ log }) => place && sameBytes(log, place.log));
    expect(parent).toMatchObject({ head: place?.number, hash: place?.hash });
  });

  test("and that a server heard of, the name and the place stay", async () => {
    const { child, last, place } = await afterDamage(true);
    expect(last).toBe(child);
    expect(place).toMatchObject({ number: RECORDS });
  });
});

describe("a file that was cut", () => {
  test("to nothing gives back what its write-ahead log holds", async () => {
    const directory = bed.newDirectory();
    const copy = bed.newDirectory();
    const store = await bed.open(directory);
    await beginLog(store);
    await append(store, ballotAt(1), ballotAt(2));
    // As after a power cut: the write-ahead log is still there.
    writeFileSync(fileIn(copy), "");
    writeFileSync(`${fileIn(copy)}-wal`, readFileSync(`${fileIn(directory)}-wal`));
    const rescued = await bed.open(copy);
    expect(await allOf(rescued, 0)).toEqual([ballotAt(1), ballotAt(2)]);
    expect(rescued.rescued()).toMatchObject({ records: 2, lost: 0 });
  });

  test("in the middle gives back what is before the cut", async () => {
    const { directory } = await fileWith(0);
    truncateSync(fileIn(directory), pageOf(directory, 400) * PAGE_BYTES);
    const store = await bed.open(directory);
    expect((await allOf(store, 0)).length).toBeGreaterThan(200);
  });

  test("while it is open goes on with what is in memory, and nothing is told stored meanwhile", async () => {
    const directory = bed.newDirectory();
    const store = await bed.open(directory);
    await beginLog(store);
    await append(store, ballotAt(1), ballotAt(2));
    const reopened = new Promise<void>((resolve) => store.onReopened(resolve));
    truncateSync(`${fileIn(directory)}-wal`, 100);
    expect(await append(store, ballotAt(3))).toMatchObject([{ ok: false }]);
    await reopened;
    expect(await allOf(store, 0)).toEqual([ballotAt(1), ballotAt(2)]);
    expect(asideOf(fileIn(directory))).toEqual([]);
  });
});

describe("a file that is", () => {
  test("removed while it is open is put back with all that was in it, also when nobody votes", async () => {
    const directory = bed.newDirectory();
    const store = await bed.open(directory);
    await beginLog(store);
    await append(store, ballotAt(1), ballotAt(2));
    const reopened = new Promise<void>((resolve) => store.onReopened(resolve));
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
    await reopened;
    expect(await allOf(store, 0)).toEqual([ballotAt(1), ballotAt(2)]);
    expect(await append(store, ballotAt(3))).toMatchObject([{ ok: false }]);
    await beginLog(store);
    expect(await append(store, ballotAt(3))).toMatchObject([{ ok: true, number: 1 }]);
  });

  test("replaced while it is open is set aside, and our own put back", async () => {
    const directory = bed.newDirectory();
    const store = await bed.open(directory);
    await beginLog(store);
    await append(store, ballotAt(1));
    const reopened = new Promise<void>((resolve) => store.onReopened(resolve));
    writeFileSync(join(directory, "other"), "another file");
    renameSync(join(directory, "other"), fileIn(directory));
    expect(await append(store, ballotAt(2))).toMatchObject([{ ok: false, reason: { code: "votes-file-moved" } }]);
    await reopened;
    expect(await allOf(store, 0)).toEqual([ballotAt(1)]);
    const [aside = ""] = asideOf(fileIn(directory));
    expect(aside).toMatch(/^log\.replaced-/);
    expect(readFileSync(join(directory, aside), "utf8")).toBe("another file");
  });
});

test("found damaged in the midst of running, it is set aside then, and what was kept beside the logs is kept again", async () => {
  const { directory, log } = await fileWith(0);
  // The bytes of a record, not the page around them: SQLite sees nothing wrong.
  const { tagKey } = ballotAt(300) as { tagKey: Uint8Array };
  scribble(fileIn(directory), readFileSync(fileIn(directory)).indexOf(Buffer.from(tagKey)), 7);
  const store = await bed.open(directory);
  expect(store.rescued()).toBeUndefined();
  store.keep("picture", Uint8Array.of(1, 2, 3));
  const reopened = new Promise<void>((resolve) => store.onReopened(resolve));
  await expect(store.read(log, 290, 20)).rejects.toThrow(/damaged/);
  await reopened;
  expect(store.rescued()).toMatchObject({ lost: 1 });
  expect((await allOf(store, 0)).length).toBe(299);
  await beginLog(store);
  await append(store, ballotAt(1));
  await store.close();
  expect((await bed.open(directory)).kept.get("picture")).toEqual(Uint8Array.of(1, 2, 3));
});

test("a disk that damages file after file is not trusted for ever", async () => {
  const { directory } = await fileWith(0);
  for (let time = 0; time < MAX_ASIDE; time++) setAside(fileIn(directory), "damaged", time * 1_000);
  scribble(fileIn(directory), 0, PAGE_BYTES);
  const before = readdirSync(directory);
  await expect(bed.open(directory)).rejects.toMatchObject({ code: "data-corrupt", message: /damaged again.*Move/ });
  expect(readdirSync(directory)).toEqual(before);
});

test("after a power cut in the midst of putting a new file in place, the next start finishes that", () => {
  const directory = bed.newDirectory();
  for (const name of ["log.sqlite", "log.sqlite-wal"]) writeFileSync(join(directory, name), "old");
  new DatabaseSync(join(directory, "log.sqlite.ready")).close();
  finishPutting(fileIn(directory));
  expect(readdirSync(directory)).toEqual(["log.sqlite"]);
  expect(statSync(fileIn(directory)).size).toBe(0);
});
