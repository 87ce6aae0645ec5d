import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, test } from "vitest";
import { hashRecords } from "../../shared/domain/batch.ts";
import { encodeRecord } from "../../shared/domain/record.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { StationUnusable } from "../files/station-unusable.ts";
import { WORKER, append, ballotAt, beginLog, clockAt, createLogBed, sha256 } from "./log-bed.testing.ts";
import { openStationLog } from "./station-log.ts";

const bed = createLogBed();
afterEach(bed.clear);

/** What another connection finds in the file of a log that was closed. */
function rowsOf(directory: string, sql: string): unknown[] {
  const database = new DatabaseSync(join(directory, "log.sqlite"));
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

describe("a record", () => {
  test("is numbered without a gap, however many are stored at once, and hashed as the server will", async () => {
    const store = await bed.open(bed.newDirectory());
    const { hash } = await beginLog(store);
    const records = Array.from({ length: 1_500 }, (_, at) => ballotAt(at));
    const answers = await append(store, ...records);
    expect(answers.map((answer) => answer.ok && answer.number)).toEqual(records.map((_, at) => at + 1));
    expect(answers.at(-1)).toMatchObject({ hash: hashRecords(sha256, hash, records) });
  });

  test("is read back with the hash before it: from the first on, from the middle, and after the last", async () => {
    const store = await bed.open(bed.newDirectory());
    const { log, hash } = await beginLog(store);
    const records = [ballotAt(1), clockAt(2), ballotAt(3), ballotAt(4)];
    await append(store, ...records);
    const bytes = records.map(encodeRecord);
    for (const [from, limit] of [
      [1, 10],
      [1, 2],
      [3, 10],
      [5, 10],
      [5, 0],
    ] as const) {
      const before = hashRecords(sha256, hash, records.slice(0, from - 1));
      const read = await store.read(log, from, limit);
      expect({ from, ...read }).toMatchObject({
        from,
        hashBefore: before,
        records: bytes.slice(from - 1).slice(0, limit),
      });
    }
  });

  test("that nobody could read back keeps no vote from the disk", async () => {
    const store = await bed.open(bed.newDirectory());
    const { log } = await beginLog(store);
    const [unknown, beyond, stored] = await Promise.allSettled([
      store.read(new Uint8Array(16), 1, 1),
      store.read(log, 99, 1),
      store.append(encodeRecord(ballotAt(1))),
    ]);
    expect(unknown.status).toBe("rejected");
    expect(beyond.status).toBe("rejected");
    expect(stored).toMatchObject({ status: "fulfilled", value: { ok: true, number: 1 } });
  });

  test("before a log was begun is refused, and the log begun after it starts at one", async () => {
    const store = await bed.open(bed.newDirectory());
    expect(await append(store, ballotAt(1))).toMatchObject([{ ok: false }]);
    await beginLog(store);
    expect(await append(store, ballotAt(1))).toMatchObject([{ ok: true, number: 1 }]);
  });

  test("after the log was closed is refused, in words", async () => {
    const store = await bed.open(bed.newDirectory());
    await beginLog(store);
    await store.close();
    expect(await append(store, ballotAt(1))).toEqual([{ ok: false, reason: say("log-closed") }]);
  });
});

describe("opening again", () => {
  test("finds each log with its head, its hash, what is acknowledged, and which records are no ballots", async () => {
    const directory = bed.newDirectory();
    const first = await bed.open(directory);
    const one = await beginLog(first);
    const records = [clockAt(0), ballotAt(1), ballotAt(2), clockAt(3), ballotAt(4)];
    await append(first, ...records);
    first.acked(one.log, 2);
    await first.close();

    const second = await bed.open(directory);
    const two = await beginLog(second);
    await second.close();

    const third = await bed.open(directory);
    expect(third.found).toMatchObject([
      {
        log: one.log,
        header: one.header,
        head: 5,
        hash: hashRecords(sha256, one.hash, records),
        acked: 2,
        others: [4],
      },
      { log: two.log, header: two.header, head: 0, hash: two.hash, acked: 0, others: [] },
    ]);
  });

  test("gives a reader the number it had", async () => {
    const directory = bed.newDirectory();
    const first = await bed.open(directory);
    expect(await Promise.all(["a", "b", "a"].map(async (name) => first.readerNumber(name)))).toEqual([1, 2, 1]);
    await first.close();
    const second = await bed.open(directory);
    expect(await second.readerNumber("c")).toBe(3);
    expect(await second.readerNumber("b")).toBe(2);
  });
});

describe("what may be lost", () => {
  test("waits for the next vote, and an orderly close keeps it", async () => {
    const directory = bed.newDirectory();
    const store = await bed.open(directory);
    const { log } = await beginLog(store);
    await append(store, ballotAt(1), ballotAt(2));
    store.acked(log, 1);
    for (let at = 0; at < 100; at++) store.keep("picture", Uint8Array.of(at));
    store.acked(log, 2);
    await store.close();
    expect(rowsOf(directory, "SELECT acked FROM logs")).toEqual([{ acked: 2 }]);
    const again = await bed.open(directory);
    expect(again.kept.get("picture")).toEqual(Uint8Array.of(99));
  });

  test("is on disk before long, also when nobody votes", async () => {
    const directory = bed.newDirectory();
    const store = await bed.open(directory);
    store.keep("picture", Uint8Array.of(1));
    const wal = join(directory, "log.sqlite-wal");
    const before = statSync(wal).size;
    await expect.poll(() => statSync(wal).size, { timeout: 5_000 }).toBeGreaterThan(before);
  });
});

/** Why the log of a directory cannot be opened. */
async function refusal(directory: string): Promise<StationUnusable> {
  const error: unknown = await openStationLog(join(directory, "log.sqlite"), WORKER).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StationUnusable)) throw new Error(`not refused in our words: ${String(error)}`);
  return error;
}

describe("a log that cannot be used", () => {
  test("because another station uses it says so, and leaves that one alone", async () => {
    const directory = bed.newDirectory();
    const first = await bed.open(directory);
    await beginLog(first);
    expect(await refusal(directory)).toMatchObject({
      code: "data-in-use",
      message: expect.stringMatching(/log\.sqlite.*Another station uses it\. Stop that one/),
    });
    expect(await append(first, ballotAt(1))).toMatchObject([{ ok: true, number: 1 }]);
  });

  test("because a column holds what we never wrote is set aside, as it is damaged", async () => {
    const directory = bed.newDirectory();
    const store = await bed.open(directory);
    await beginLog(store);
    await store.close();
    const database = new DatabaseSync(join(directory, "log.sqlite"));
    database.exec(`
      CREATE TABLE other AS SELECT no, log, 'text' AS header, signature, first_hash, acked, standing, was_current, heard
        FROM logs;
      DROP TABLE logs;
      ALTER TABLE other RENAME TO logs`);
    database.close();
    const again = await bed.open(directory);
    expect(again.found).toEqual([]);
    expect(again.rescued()).toMatchObject({ aside: expect.stringMatching(/^log\.damaged-/), logs: 0 });
  });

  test("because it is another program's says so, and nothing is added to it", async () => {
    const directory = bed.newDirectory();
    const foreign = new DatabaseSync(join(directory, "log.sqlite"));
    foreign.exec("CREATE TABLE recipes (name TEXT)");
    foreign.close();
    expect(await refusal(directory)).toMatchObject({
      code: "data-foreign",
      message: expect.stringMatching(/another program's file.*Move it away/),
    });
    expect(rowsOf(directory, "SELECT name FROM sqlite_schema")).toEqual([{ name: "recipes" }]);
  });

  test("because a newer version wrote it says: update", async () => {
    const directory = bed.newDirectory();
    await (await bed.open(directory)).close();
    const database = new DatabaseSync(join(directory, "log.sqlite"));
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(await refusal(directory)).toMatchObject({
      code: "data-too-new",
      message: expect.stringMatching(/newer version.*Update this program/),
    });
  });

  test("because its directory takes no file says so", async () => {
    const file = join(bed.newDirectory(), "file");
    writeFileSync(file, "");
    expect(await refusal(join(file, "data"))).toMatchObject({
      code: "data-directory",
      message: expect.stringMatching(/Make the directory readable and writable/),
    });
  });
});
