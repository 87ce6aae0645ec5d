import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeDefinition, type PollDefinition } from "../../shared/domain/poll.ts";
import { TEXTS_FILE, openTexts } from "./sqlite-texts.ts";
import { TextsFault } from "./texts.ts";

const POLL: PollDefinition = {
  id: "0".repeat(32),
  question: "Tea or coffee?",
  options: ["Tea", "Coffee"],
  counts: "first",
  upTo: 1,
  results: "live",
  groups: [],
  randomUids: "refuse",
  tagless: false,
  certify: "by-itself",
  round: 1,
  first: null,
};
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "polling-station-texts-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const fault = (folder: string): TextsFault => {
  try {
    openTexts(folder).close();
  } catch (error) {
    if (error instanceof TextsFault) return error;
    throw error;
  }
  throw new Error("it opened");
};

test("words are there again after the store was closed and opened", () => {
  const first = openTexts(directory);
  const hash = first.putDefinition(encodeDefinition(POLL));
  first.setTitle("Summer fair");
  first.setStationName("a".repeat(32), "Entrance");
  first.close();
  const texts = openTexts(directory);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(texts.definition(hash)).toEqual(POLL);
  expect(texts.title()).toBe("Summer fair");
  expect(texts.stationName("a".repeat(32))).toBe("Entrance");
  texts.close();
});

test("words that are not there are told as missing, and the title as empty", () => {
  const texts = openTexts(directory);
  expect(texts.definition("0".repeat(64))).toBeUndefined();
  expect(texts.stationName("b".repeat(32))).toBeUndefined();
  expect(texts.title()).toBe("");
  texts.close();
});

test("the words of a decision are kept under their hash, and can be gone without harm", () => {
  const first = openTexts(directory);
  const hash = first.putReason("Station 3 fell into the fountain.");
  expect(first.putReason("Station 3 fell into the fountain.")).toBe(hash);
  first.close();
  const texts = openTexts(directory);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect([texts.reason(hash), texts.reason("0".repeat(64))]).toEqual(["Station 3 fell into the fountain.", undefined]);
  texts.close();
});

test("what is wanted of a station's readers is kept by its hash until another takes its place; a damaged one is none", () => {
  const [bar, door] = ["Bar", "Door"].map((name) => [{ id: "usb-1", name, target: null }]);
  if (bar === undefined || door === undefined) throw new Error("no lists");
  const [one, other] = ["a".repeat(32), "b".repeat(32)];
  const first = openTexts(directory);
  const [barHash, doorHash] = [first.putReaderList(one, bar), first.putReaderList(one, door)];
  expect(first.putReaderList(other, bar)).toBe(barHash);
  first.close();
  const texts = openTexts(directory);
  expect([texts.readerList(one, barHash), texts.readerList(one, doorHash)]).toEqual([bar, door]);
  texts.keepOnlyReaderList(one, doorHash);
  expect([texts.readerList(one, barHash), texts.readerList(one, doorHash)]).toEqual([undefined, door]);
  expect(texts.readerList(other, barHash)).toEqual(bar);
  texts.close();
  const database = new DatabaseSync(join(directory, TEXTS_FILE));
  database.exec("UPDATE reader_lists SET bytes = x'8201'");
  database.close();
  const damaged = openTexts(directory);
  expect(damaged.readerList(one, doorHash)).toBeUndefined();
  damaged.close();
});

test("a file of the version before gets the tables it lacks and keeps its words", () => {
  const texts = openTexts(directory);
  texts.setTitle("Summer fair");
  texts.close();
  const database = new DatabaseSync(join(directory, TEXTS_FILE));
  database.exec("DROP TABLE reasons; DROP TABLE reader_lists; PRAGMA user_version = 1");
  database.close();
  const again = openTexts(directory);
  expect(again.title()).toBe("Summer fair");
  expect(again.reason(again.putReason("By hand."))).toBe("By hand.");
  expect(again.readerList("a".repeat(32), again.putReaderList("a".repeat(32), []))).toEqual([]);
  again.close();
});

test("the same definition put twice is kept once, and bytes that are none are not kept", () => {
  const texts = openTexts(directory);
  const bytes = encodeDefinition(POLL);
  expect(texts.putDefinition(bytes)).toBe(texts.putDefinition(bytes));
  expect(() => texts.putDefinition(new Uint8Array([1, 2, 3]))).toThrow(TypeError);
  texts.close();
});

test("who listens hears each new title until it stops listening", () => {
  const texts = openTexts(directory);
  const heard: string[] = [];
  const stop = texts.onTitle((title) => heard.push(title));
  texts.setTitle("One");
  stop();
  texts.setTitle("Two");
  expect(heard).toEqual(["One"]);
  texts.close();
});

test("the file is for its owner alone", () => {
  openTexts(directory).close();
  expect(statSync(join(directory, TEXTS_FILE)).mode & 0o777).toBe(0o600);
});

test("a second server on the same directory is refused by name and remedy", () => {
  const texts = openTexts(directory);
  expect(fault(directory)).toMatchObject({ code: "in-use", path: join(directory, TEXTS_FILE) });
  expect(fault(directory).message).toContain("--data");
  texts.close();
});

test("a file that is no database is called corrupt and left as it is", () => {
  const path = join(directory, TEXTS_FILE);
  writeFileSync(path, "not a database, and long enough to be looked at as if it were one".repeat(20));
  const before = readFileSync(path);
  expect(fault(directory)).toMatchObject({ code: "corrupt" });
  expect(readFileSync(path)).toEqual(before);
});

test("a definition damaged on disk is a fault, never another question", () => {
  const texts = openTexts(directory);
  const hash = texts.putDefinition(encodeDefinition(POLL));
  texts.close();
  const other = encodeDefinition({ ...POLL, question: "Something else?" });
  const database = new DatabaseSync(join(directory, TEXTS_FILE));
  database.prepare("UPDATE definitions SET bytes = ?").run(other);
  database.close();
  const damaged = openTexts(directory);
  expect(() => damaged.definition(hash)).toThrow(TextsFault);
  damaged.close();
});

test("another program's database is not touched", () => {
  const database = new DatabaseSync(join(directory, TEXTS_FILE));
  database.exec("CREATE TABLE theirs (x)");
  database.close();
  expect(fault(directory)).toMatchObject({ code: "foreign-file" });
});

test("a directory that cannot be one is told as not writable", () => {
  const file = join(directory, "a-file");
  writeFileSync(file, "");
  expect(fault(join(file, "data"))).toMatchObject({ code: "not-writable" });
});

test.skipIf(process.getuid?.() === 0)("a directory without permission is told as not writable", () => {
  chmodSync(directory, 0o500);
  expect(fault(directory)).toMatchObject({ code: "not-writable" });
  chmodSync(directory, 0o700);
});
