import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { hashRecords } from "../../shared/domain/batch.ts";
import { decodeHeader, decodeRecord, encodeRecord, type LogRecord } from "../../shared/domain/record.ts";
import { append, ballotAt, beginLog, clockAt, createLogBed, newLog, sha256 } from "./log-bed.testing.ts";
import type { Heir, NewLog, StoredLog } from "./log-messages.ts";
import type { StationLog } from "./station-log.ts";

const bed = createLogBed();
afterEach(bed.clear);

/** Everything in a log; its running hash was checked. */
async function recordsOf(store: StationLog, log: Uint8Array): Promise<LogRecord[]> {
  const { hashBefore, records } = await store.read(log, 1, 1_000_000);
  const decoded = records.flatMap((bytes) => decodeRecord(bytes) ?? []);
  const end = await store.read(log, records.length + 1, 0);
  expect(hashRecords(sha256, hashBefore, decoded)).toEqual(end.hashBefore);
  expect(decoded).toHaveLength(records.length);
  return decoded;
}

const ballots = (count: number, from = 0) => Array.from({ length: count }, (_, at) => ballotAt(from + at));

const ID = new Uint8Array(32);

/** As the station does it, for logs that each continue the one before. */
async function salvageWithHeirs(store: StationLog, { log }: NewLog, after: number, old: readonly NewLog[]) {
  const to = newLog();
  const heirs: Heir[] = [];
  let end = { log: to.log, ...(await store.foresee(log, after, to.hash)) };
  for (const { log: from } of old) {
    const heir = newLog(end);
    end = { log: heir.log, ...(await store.foresee(from, 0, heir.hash)) };
    heirs.push({ from, to: heir });
  }
  const made = await store.salvage(log, after, to, heirs);
  return { made, ids: [to.log, ...heirs.map((heir) => heir.to.log)] };
}

/** The records of all logs that were found, oldest first. */
async function everything(store: StationLog): Promise<LogRecord[][]> {
  const all: LogRecord[][] = [];
  for (const { log } of store.found) all.push(await recordsOf(store, log));
  return all;
}

/** Each of these continues the end of the one before. */
function expectParentsOf(logs: readonly StoredLog[]): void {
  const parents = logs.slice(1).map(({ header }) => decodeHeader(header)?.parent);
  expect(parents).toEqual(logs.slice(0, -1).map(({ log, head, hash }) => ({ log, number: head, hash })));
}

describe("a salvage", () => {
  test("moves what comes after a number, with the last word on the time before it, and records go there", async () => {
    const store = await bed.open(bed.newDirectory());
    const old = await beginLog(store);
    await append(store, clockAt(1), ballotAt(2), clockAt(3), ballotAt(4), ballotAt(5), clockAt(6), ballotAt(7));
    store.acked(old.log, 6);
    const fresh = newLog();
    const [made, after] = await Promise.all([
      store.salvage(old.log, 4, fresh),
      store.append(encodeRecord(ballotAt(8))),
    ]);
    expect(made?.log).toMatchObject({
      ...fresh,
      hash: made?.log.hash,
      head: 4,
      others: [1, 3],
      acked: 0,
      lastMs: 7,
      wasCurrent: true,
    });
    expect(after).toMatchObject({ ok: true, log: toHex(fresh.log), number: 5 });
    expect(await recordsOf(store, old.log)).toEqual([clockAt(1), ballotAt(2), clockAt(3), ballotAt(4)]);
    const moved = [clockAt(3), ballotAt(5), clockAt(6), ballotAt(7), ballotAt(8)];
    expect(await recordsOf(store, fresh.log)).toEqual(moved);
  });

  test("is found again at the next opening, and nothing is acknowledged that is not there", async () => {
    const directory = bed.newDirectory();
    const store = await bed.open(directory);
    const old = await beginLog(store);
    await append(store, ...ballots(9));
    const current = await beginLog(store);
    const fresh = newLog();
    store.acked(old.log, 9);
    expect(await store.salvage(old.log, 5, fresh)).toMatchObject({ log: { head: 4, wasCurrent: false } });
    store.acked(old.log, 8);
    await store.close();
    const again = await bed.open(directory);
    expect(
      again.found.map(({ log, head, acked, lastMs, wasCurrent }) => [toHex(log), head, acked, lastMs, wasCurrent]),
    ).toEqual([
      [toHex(old.log), 5, 5, 4, true],
      [toHex(current.log), 0, 0, 0, true],
      [toHex(fresh.log), 4, 0, 8, false],
    ]);
  });

  test("of nothing is none, but the current log is left all the same", async () => {
    const store = await bed.open(bed.newDirectory());
    const old = await beginLog(store);
    await append(store, ...ballots(3));
    const current = await beginLog(store);
    expect(await store.salvage(old.log, 3, newLog())).toBeNull();
    const fresh = newLog();
    expect(await store.salvage(current.log, 0, fresh)).toMatchObject({ log: { head: 0, wasCurrent: true } });
    expect(await append(store, ballotAt(1))).toMatchObject([{ log: toHex(fresh.log), number: 1 }]);
    expect(await store.salvage(current.log, 0, newLog())).toBeNull();
  });

  test("takes along what goes on from the log, and nobody heard of: each with its records, and nothing of the old is left", async () => {
    const directory = bed.newDirectory();
    const store = await bed.open(directory);
    const old = await beginLog(store);
    await append(store, clockAt(0), ...ballots(4, 1));
    const next = await beginLog(store);
    await append(store, ...ballots(3, 10), clockAt(20));
    const current = await beginLog(store);
    await append(store, ballotAt(30));
    store.standing(next.log, "aside");
    const moved = await salvageWithHeirs(store, old, 2, [next, current]);
    const after = await store.append(encodeRecord(ballotAt(31)));
    expect(moved.made?.heirs).toMatchObject([
      { log: moved.ids[1], head: 4, others: [4], acked: 0, lastMs: 20, wasCurrent: true, heard: false },
      { log: moved.ids[2], head: 1, others: [], acked: 0, lastMs: 30, wasCurrent: true, heard: false },
    ]);
    expect(after).toMatchObject({ ok: true, log: toHex(moved.ids[2] ?? ID), number: 2 });
    await store.close();
    const again = await bed.open(directory);
    expect(again.found.map(({ log, standing }) => [toHex(log), standing])).toEqual([
      [toHex(old.log), "taken"],
      [toHex(moved.ids[0] ?? ID), "taken"],
      [toHex(moved.ids[1] ?? ID), "aside"],
      [toHex(moved.ids[2] ?? ID), "taken"],
    ]);
    expect(await everything(again)).toEqual([
      [clockAt(0), ballotAt(1)],
      [clockAt(0), ...ballots(3, 2)],
      [...ballots(3, 10), clockAt(20)],
      [ballotAt(30), ballotAt(31)],
    ]);
    expectParentsOf(again.found.slice(1));
  });

  test("moves nothing at all when a log after it may have been heard of, or continues no place that was made", async () => {
    const directory = bed.newDirectory();
    const store = await bed.open(directory);
    const old = await beginLog(store);
    await append(store, ...ballots(4));
    const next = await beginLog(store);
    await append(store, ballotAt(10));
    const elsewhere = [{ from: next.log, to: newLog({ log: old.log, number: 4, hash: ID }) }];
    await expect(store.salvage(old.log, 2, newLog(), elsewhere)).rejects.toThrow("does not continue");
    await store.heard(next.log);
    await expect(salvageWithHeirs(store, old, 2, [next])).rejects.toThrow("may know");
    expect(await append(store, ballotAt(11))).toMatchObject([{ log: toHex(next.log), number: 2 }]);
    await store.close();
    const again = await bed.open(directory);
    expect(again.found.map(({ heard }) => heard)).toEqual([false, true]);
    expect(await everything(again)).toEqual([ballots(4), ballots(2, 10)]);
  });

  test("that fails moves nothing, and keeps no vote from the disk", async () => {
    const store = await bed.open(bed.newDirectory());
    const old = await beginLog(store);
    await append(store, ...ballots(3));
    const [before, failed, unknown, after] = await Promise.allSettled([
      store.append(encodeRecord(ballotAt(10))),
      // An id that is taken: the new log cannot be made.
      store.salvage(old.log, 1, old),
      store.salvage(new Uint8Array(16), 1, newLog()),
      store.append(encodeRecord(ballotAt(11))),
    ]);
    expect([failed.status, unknown.status]).toEqual(["rejected", "rejected"]);
    expect([before, after]).toMatchObject([{ value: { number: 4 } }, { value: { number: 5 } }]);
    expect(await recordsOf(store, old.log)).toEqual([...ballots(3), ballotAt(10), ballotAt(11)]);
  });

  test("of thousands moves each of them", async () => {
    const store = await bed.open(bed.newDirectory());
    const old = await beginLog(store);
    await append(store, ...ballots(2_500));
    const fresh = newLog();
    await store.salvage(old.log, 100, fresh);
    expect(await recordsOf(store, fresh.log)).toEqual(ballots(2_400, 100));
    expect(await recordsOf(store, old.log)).toEqual(ballots(100));
  });
});

describe("a record for a log that is named", () => {
  test("is added at its end, and the others go on in the current one", async () => {
    const store = await bed.open(bed.newDirectory());
    const old = await beginLog(store);
    await append(store, ballotAt(1));
    const current = await beginLog(store);
    const record = encodeRecord({ kind: "drained", poll: new Uint8Array(8), ms: 1 });
    const stored = await Promise.all([
      store.append(encodeRecord(ballotAt(2))),
      store.append(record, toHex(old.log)),
      store.append(encodeRecord(ballotAt(3))),
      store.append(record, toHex(current.log)),
      store.append(encodeRecord(ballotAt(4))),
    ]);
    expect(stored).toMatchObject([
      { number: 1 },
      { log: toHex(old.log), number: 2 },
      { number: 2 },
      { number: 3 },
      { number: 4 },
    ]);
    expect(await recordsOf(store, old.log)).toHaveLength(2);
    expect(await recordsOf(store, current.log)).toHaveLength(4);
  });

  test("that there is not is refused, and the votes beside it are stored", async () => {
    const store = await bed.open(bed.newDirectory());
    await beginLog(store);
    const record = encodeRecord(ballotAt(1));
    const stored = await Promise.all([
      store.append(record),
      store.append(record, "00".repeat(16)),
      store.append(record),
    ]);
    expect(stored).toMatchObject([{ ok: true }, { ok: false }, { ok: true, number: 2 }]);
  });
});

test("what the server says a log counts as is known at the next opening", async () => {
  const directory = bed.newDirectory();
  const store = await bed.open(directory);
  const { log } = await beginLog(store);
  store.standing(log, "aside");
  store.standing(log, "rejected");
  await store.close();
  expect((await bed.open(directory)).found).toMatchObject([{ standing: "rejected" }]);
});

test("a file of the first version is opened with all that is in it", async () => {
  const directory = bed.newDirectory();
  const store = await bed.open(directory);
  const { log } = await beginLog(store);
  await append(store, ...ballots(3));
  await store.close();
  const database = new DatabaseSync(join(directory, "log.sqlite"));
  database.exec(
    `ALTER TABLE logs DROP COLUMN standing; ALTER TABLE logs DROP COLUMN was_current;
    ALTER TABLE logs DROP COLUMN heard; PRAGMA user_version = 1`,
  );
  database.close();
  const again = await bed.open(directory);
  expect(again.found).toMatchObject([{ log, head: 3, standing: "taken", wasCurrent: true }]);
});

test("of the logs in a file of the second version, which did not note it, a server may have heard", async () => {
  const directory = bed.newDirectory();
  const store = await bed.open(directory);
  const { log } = await beginLog(store);
  await store.close();
  const database = new DatabaseSync(join(directory, "log.sqlite"));
  database.exec("ALTER TABLE logs DROP COLUMN heard; PRAGMA user_version = 2");
  database.close();
  const again = await bed.open(directory);
  await beginLog(again);
  await again.close();
  const { found } = await bed.open(directory);
  expect(found.map(({ heard }) => heard)).toEqual([true, false]);
  expect(found[0]?.log).toEqual(log);
});

const LOOP = fileURLToPath(new URL("salvage-loop.testing.ts", import.meta.url));
const RECORDS = 6_000;

/** Start a salvage in another process, and kill it some time into it. */
async function killWhileSalvaging(directory: string, after: number, delayMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [LOOP, directory, String(RECORDS), String(after)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let done = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line === "salvaging") setTimeout(() => child.kill("SIGKILL"), delayMs);
    if (line === "salvaged") done = true;
  });
  await new Promise((resolve) => child.once("close", resolve));
  return done;
}

test("after kill -9 in the middle of a salvage the old state is there, or the new one, and nothing between", async () => {
  const states: string[] = [];
  for (const delayMs of [0, 5, 15, 30, 60, 2_000]) {
    const directory = bed.newDirectory();
    const after = 1_234;
    const told = await killWhileSalvaging(directory, after, delayMs);
    const store = await bed.open(directory);
    const all = [clockAt(0), ...ballots(RECORDS - 1, 1)];
    const openings = [ballots(RECORDS / 4, 10_000), ballots(RECORDS / 4, 20_000)];
    const found = await everything(store);
    const isNew = found.length === 4;
    expect(found).toEqual(
      isNew ? [all.slice(0, after), [clockAt(0), ...all.slice(after)], ...openings] : [all, ...openings],
    );
    if (isNew) expectParentsOf(store.found.slice(1));
    expect(told && !isNew).toBe(false);
    states.push(isNew ? "new" : "old");
    await store.close();
  }
  expect(states.at(-1)).toBe("new");
  expect(states).toContain("old");
}, 120_000);
