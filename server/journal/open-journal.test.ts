import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { readLine } from "../../shared/journal/line.ts";
import { SERVER_EVENTS } from "../../shared/journal/server-events.ts";
import { JOURNAL_FILE, JOURNAL_FOLDER, openJournal } from "./open-journal.ts";

function dataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "journal-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}
const fileOf = (directory: string) => join(directory, JOURNAL_FOLDER, JOURNAL_FILE);
const linesOf = (directory: string) => readFileSync(fileOf(directory), "utf8").trimEnd().split("\n");
const quiet = { level: "info", tell: () => {} } as const;

test("lines are as the catalogue says, in a file for its owner only", async () => {
  const directory = dataDirectory();
  const told: string[] = [];
  const journal = openJournal(directory, { level: "info", tell: (words) => void told.push(words) });
  journal.note("server.stopping");
  journal.note("ledger.not-stored", { fault: "disk-full" });
  journal.note("api.refused", { route: "GET /healthz", status: 404 });
  await journal.close();
  const lines = linesOf(directory).map((line) => readLine(SERVER_EVENTS, line));
  expect(lines.map(({ event, level }) => [event, level])).toEqual([
    ["server.stopping", "info"],
    ["ledger.not-stored", "error"],
  ]);
  expect(told).toEqual([
    expect.stringMatching(/^The ledger's disk took nothing.*\(ledger\.not-stored fault=disk-full\)$/),
  ]);
  expect(statSync(fileOf(directory)).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory, JOURNAL_FOLDER)).mode & 0o777).toBe(0o700);
});

test("full files are put aside, five at most, and no line is cut or lost at the seams", async () => {
  const directory = dataDirectory();
  const journal = openJournal(directory, { ...quiet, size: "700B" });
  const folder = join(directory, JOURNAL_FOLDER);
  const written = () =>
    readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n"));
  const reasons = ["wrong-password", "too-many-attempts", "not-set-up"] as const;
  for (let i = 0; i < 50; i++) journal.note("admin.login-failed", { why: reasons[i % 3] ?? "not-set-up" });
  await journal.close();
  const files = readdirSync(folder).toSorted();
  expect(files).toEqual([JOURNAL_FILE, ...[1, 2, 3, 4].map((age) => `${JOURNAL_FILE}.${age}`)]);
  for (const name of files) {
    const { size, mode } = statSync(join(folder, name));
    expect(size).toBeLessThan(900);
    expect(mode & 0o777).toBe(0o600);
  }
  for (const line of written().filter((text) => text !== "")) readLine(SERVER_EVENTS, line);
});

test("a line that a crash cut short takes no other with it", async () => {
  const directory = dataDirectory();
  mkdirSync(join(directory, JOURNAL_FOLDER));
  appendFileSync(fileOf(directory), '{"time":"2026-05-01T09:00:0');
  const journal = openJournal(directory, quiet);
  journal.note("server.stopping");
  await journal.close();
  const [torn, next] = linesOf(directory);
  expect(torn).toBe('{"time":"2026-05-01T09:00:0');
  expect(readLine(SERVER_EVENTS, next ?? "").event).toBe("server.stopping");
});

test("where it cannot be written, it says so once, counts what is lost, and stops nobody", async () => {
  const directory = dataDirectory();
  writeFileSync(join(directory, JOURNAL_FOLDER), "a file in the way");
  const told: string[] = [];
  const journal = openJournal(directory, { level: "info", tell: (words) => void told.push(words) });
  for (let i = 0; i < 3; i++) journal.note("server.stopping");
  // The line about the trouble is lost, too.
  expect(journal.state()).toEqual({ failing: true, lost: 4 });
  expect(told).toEqual([expect.stringMatching(/^The journal cannot be written.*\(journal\.failing code=/)]);
  await journal.close();
});

test.skipIf(process.platform !== "linux")("what is no file is not written to, and ends nothing", async () => {
  const directory = dataDirectory();
  mkdirSync(join(directory, JOURNAL_FOLDER));
  symlinkSync("/dev/full", fileOf(directory));
  const told: string[] = [];
  const journal = openJournal(directory, { level: "info", tell: (words) => void told.push(words) });
  journal.note("server.stopping");
  await vi.waitFor(() => expect(journal.state().failing).toBe(true));
  expect(told).toHaveLength(1);
  await journal.close();
});

test("the last words of a program that fails are on the disk before it ends", () => {
  const directory = dataDirectory();
  const journal = openJournal(directory, quiet);
  journal.note("server.stopping");
  journal.lastWords(new TypeError("nobody reads this"));
  const lines = linesOf(directory).map((line) => readLine(SERVER_EVENTS, line));
  expect(lines.map(({ event }) => event)).toEqual(["server.stopping", "server.failed"]);
  expect(lines[1]).toMatchObject({
    error: "TypeError",
    at: expect.stringContaining("server/journal/open-journal.test.ts"),
  });
  expect(readFileSync(fileOf(directory), "utf8")).not.toContain("nobody reads this");
});
