import { copyFileSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { append, ballotAt, beginLog, createLogBed } from "./log-bed.testing.ts";
import { writeOverItself } from "./resync.ts";

const bed = createLogBed();
afterEach(bed.clear);
const LONG_AGO = new Date("2001-01-01");

test("a file is written over itself, byte for byte, however long; none is made where there is none", () => {
  const path = join(bed.newDirectory(), "file");
  writeOverItself(path);
  expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  for (const length of [0, 1, 1_048_576, 2_500_000]) {
    const bytes = Buffer.alloc(length, "frames of a write-ahead log ");
    writeFileSync(path, bytes);
    utimesSync(path, LONG_AGO, LONG_AGO);
    writeOverItself(path);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(statSync(path).mtime > LONG_AGO).toBe(length > 0);
  }
});

test("a write-ahead log that a crash left behind is written again before anything is built on it", async () => {
  const directory = bed.newDirectory();
  const left = bed.newDirectory();
  const store = await bed.open(directory);
  await beginLog(store);
  await append(store, ballotAt(1));
  for (const name of ["log.sqlite", "log.sqlite-wal"]) copyFileSync(join(directory, name), join(left, name));
  const wal = join(left, "log.sqlite-wal");
  utimesSync(wal, LONG_AGO, LONG_AGO);
  const again = await bed.open(left);
  expect(again.found).toMatchObject([{ head: 1 }]);
  expect(statSync(wal).mtime > LONG_AGO).toBe(true);
});

test("a probe writes each time: else it would find nothing out of a disk that goes on failing", async () => {
  const directory = bed.newDirectory();
  const store = await bed.open(directory);
  const wal = join(directory, "log.sqlite-wal");
  for (let times = 0; times < 3; times++) {
    const before = statSync(wal).size;
    expect(await store.probe()).toEqual({ ok: true });
    expect(statSync(wal).size).toBeGreaterThan(before);
  }
});
