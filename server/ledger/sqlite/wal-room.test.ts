import { copyFileSync, existsSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeWalRoom } from "./wal-room.ts";

const ROOM_BYTES = 1_000_000;
const WAIT = { timeout: 15_000 };

let folder = "";
let path = "";
let database: DatabaseSync;
const wal = () => `${path}-wal`;
const rows = (from: DatabaseSync) => from.prepare("SELECT number FROM rows").all().length;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "polling-station-room-"));
  path = join(folder, "file.sqlite");
  database = new DatabaseSync(path);
  database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE rows (number INTEGER PRIMARY KEY, text TEXT) STRICT");
});
afterEach(async () => {
  if (database.isOpen) database.close();
  await rm(folder, { recursive: true, force: true });
});

test("what is committed while room is made, and after it, is there when the file is found as a crash left it", async () => {
  const add = database.prepare("INSERT INTO rows (text) VALUES (?)");
  add.run("before");
  makeWalRoom(wal(), ROOM_BYTES);
  await vi.waitFor(() => {
    add.run("meanwhile");
    expect(statSync(wal()).size).toBe(ROOM_BYTES);
  }, WAIT);
  add.run("after");
  const crashed = join(folder, "crashed.sqlite");
  for (const end of ["", "-wal"]) copyFileSync(path + end, crashed + end);
  const found = new DatabaseSync(crashed);
  expect(rows(found)).toBe(rows(database));
  expect(found.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  found.close();
});

test("commits go into the room: the file stays as long as it is", async () => {
  makeWalRoom(wal(), ROOM_BYTES);
  await vi.waitFor(() => expect(statSync(wal()).size).toBe(ROOM_BYTES), WAIT);
  const add = database.prepare("INSERT INTO rows (text) VALUES (?)");
  for (let row = 0; row < 50; row++) add.run("x".repeat(2_000));
  expect(statSync(wal()).size).toBe(ROOM_BYTES);
  expect(readFileSync(wal()).includes("x".repeat(2_000))).toBe(true);
});

test("no log is made where there is none", () => {
  makeWalRoom(join(folder, "none-wal"), ROOM_BYTES);
  expect(existsSync(join(folder, "none-wal"))).toBe(false);
});
