import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { testId, testPoll } from "../../../shared/domain/testing.ts";
import { describeLedgerContract } from "../contract.ts";
import { begin, vote, type LedgerPlace } from "../contract-bed.ts";
import type { Ledger } from "../ledger.ts";
import { sha256 } from "../sha256.ts";
import type { FromThread, LedgerStart } from "./ledger-messages.ts";
import { openSqliteLedger, type SqliteLedgerOptions } from "./sqlite-ledger.ts";

const directories: string[] = [];
const ledgers: Ledger[] = [];

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "ledger-"));
  directories.push(directory);
  return directory;
}

async function open(directory: string, options: Partial<SqliteLedgerOptions> = {}): Promise<Ledger> {
  const opened = await openSqliteLedger(directory, { clock: Date.now, ...options });
  if (!opened.ok) throw new Error(opened.reason);
  ledgers.push(opened.ledger);
  return opened.ledger;
}

afterEach(async () => {
  for (const ledger of ledgers.splice(0)) await ledger.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

describeLedgerContract("SQLite ledger", (): LedgerPlace => {
  const directory = mkdtempSync(join(tmpdir(), "ledger-"));
  return {
    async open(clock) {
      const opened = await openSqliteLedger(directory, { clock });
      if (!opened.ok) throw new Error(opened.reason);
      return opened.ledger;
    },
    remove: () => Promise.resolve(rmSync(directory, { recursive: true, force: true })),
  };
});

const eventCreated = { kind: "event-created", event: testId(0xc) } as const;

describe("the file of the ledger", () => {
  test("is readable by nobody but the server's user", async () => {
    const directory = join(newDirectory(), "made");
    const ledger = await open(directory);
    await ledger.append(eventCreated);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of ["ledger.sqlite", "ledger.sqlite-wal"])
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  });

  test("opened by a second server is refused, naming cause and remedy", async () => {
    const directory = newDirectory();
    const ledger = await open(directory);
    const second = await openSqliteLedger(directory, { clock: Date.now });
    expect(second).toMatchObject({ ok: false, why: "in-use" });
    expect(second).toHaveProperty("reason", expect.stringContaining("Another server runs on this data directory"));
    expect(await ledger.append(eventCreated)).toMatchObject({ ok: true });
  });

  test("of another program is refused and left as it was", async () => {
    const path = join(newDirectory(), "ledger.sqlite");
    const foreign = new DatabaseSync(path);
    foreign.exec("CREATE TABLE recipes (name TEXT)");
    foreign.close();
    const opened = await openSqliteLedger(join(path, ".."), { clock: Date.now });
    expect(opened).toMatchObject({ ok: false, why: "foreign-file" });
    const after = new DatabaseSync(path);
    expect(after.prepare("SELECT name FROM sqlite_schema").all()).toEqual([{ name: "recipes" }]);
    after.close();
  });

  test.each([
    ["newer", 99],
    ["older", 1],
  ])("of a %s version is refused", async (word, version) => {
    const directory = newDirectory();
    await (await open(directory)).close();
    const database = new DatabaseSync(join(directory, "ledger.sqlite"));
    database.exec(`PRAGMA user_version = ${version}`);
    database.close();
    expect(await openSqliteLedger(directory, { clock: Date.now })).toMatchObject({
      ok: false,
      why: `${word}-version`,
    });
  });

  test("that is no database is refused as corrupt, naming the file", async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, "ledger.sqlite"), "these are not the bytes of a database".repeat(100));
    const opened = await openSqliteLedger(directory, { clock: Date.now });
    expect(opened).toMatchObject({ ok: false, why: "corrupt" });
    expect(opened).toHaveProperty("reason", expect.stringContaining(join(directory, "ledger.sqlite")));
  });

  test("in a directory that cannot be written is refused", async () => {
    const file = join(newDirectory(), "a-file");
    writeFileSync(file, "");
    expect(await openSqliteLedger(join(file, "data"), { clock: Date.now })).toMatchObject({
      ok: false,
      why: "not-writable",
    });
  });

  test("with a projection that is behind, or of another version, is folded up to its last entry at the start", async () => {
    const directory = newDirectory();
    const first = await open(directory);
    const poll = testPoll(sha256, 1);
    const log = await begin(first, poll);
    log.add(vote(poll, 1, 2, 10));
    await first.append(log.batch(2));
    const live = await first.dump();
    await first.close();
    for (const damage of ["UPDATE folded SET version = 0", "UPDATE folded SET cursor = 99"]) {
      const database = new DatabaseSync(join(directory, "ledger.sqlite"));
      database.exec(damage);
      database.close();
      const again = await open(directory);
      expect(await again.dump()).toEqual(live);
      expect((await again.standing()).cursor).toBe(7);
      await again.close();
    }
  });
});

test("a few ballots alone are stored without the hash after them, which is worked out; a full batch has it", async () => {
  const ledger = await open(newDirectory());
  const poll = testPoll(sha256, 1);
  const log = await begin(ledger, poll);
  log.add(...Array.from({ length: 30 }, (_, at) => vote(poll, at, 1, 28_800_000 + at)));
  for (const [first, count] of [
    [2, 1],
    [3, 4],
    [7, 25],
  ] as const)
    expect(await ledger.append(log.batch(first, count))).toMatchObject({
      folded: { ignored: null, hash: log.hashAt(first + count - 1) },
    });
  const stored = (await ledger.entries(7, 10)).map(({ change }) => change.kind === "batch" && change.hashAfter);
  expect(stored).toEqual([null, null, log.hashAt(31)]);
});

describe("a thread that dies", () => {
  test("is answered for at once and started again, with everything it had committed", async () => {
    const workers: Worker[] = [];
    const startWorker = (start: LedgerStart) => {
      const worker = new Worker(new URL("ledger-worker.ts", import.meta.url), { workerData: start });
      workers.push(worker);
      return worker;
    };
    const ledger = await open(newDirectory(), { startWorker });
    await ledger.append(eventCreated);
    const pending = ledger.log(testId(1)).catch((error: unknown) => String(error));
    await workers[0]?.terminate();
    // It may have been answered, that there is no such log, just before the end.
    expect([undefined, expect.stringMatching(/thread failed/)]).toContainEqual(await pending);
    expect(await ledger.append(testPoll(sha256, 1).defined)).toMatchObject({ ok: false, why: "not-stored" });
    await expect
      .poll(() => ledger.append(testPoll(sha256, 1).defined), { timeout: 10_000 })
      .toMatchObject({ cursor: 2 });
    expect((await ledger.standing()).event).toBe(eventCreated.event);
  });
});

const LOOP = fileURLToPath(new URL("append-loop.testing.ts", import.meta.url));

/** Starts the loop; `lines` fills with what it prints. */
function startLoop(directory: string, round: number, window: number) {
  const child = spawn(process.execPath, [LOOP, directory, String(round), String(window)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  return { child, lines, ended };
}

test("after kill -9 every acknowledged ballot is there exactly once, and the projection equals its entries", async () => {
  const seed = Date.now() % 1_000_000;
  console.log(`kill -9 seed: ${seed}`);
  const directory = newDirectory();
  let ballots = 0;
  for (let round = 1; round <= 4; round++) {
    const { child, lines, ended } = startLoop(directory, round, round === 1 ? 1 : 20);
    await expect.poll(() => lines.length, { timeout: 15_000 }).toBeGreaterThan(10);
    await new Promise((resolve) => setTimeout(resolve, sha256(Uint8Array.of(seed & 255, seed >> 8, round))[0]));
    child.kill("SIGKILL");
    await ended;
    const ledger = await open(directory);
    const acknowledged = lines.map((line) => line.split(" ").map(Number));
    const head = (await ledger.log(testId(round)))?.head ?? 0;
    const entries = await ledger.entries(1, 1_000_000);
    expect(entries.map(({ position }) => position)).toEqual(entries.map((_, at) => at + 1));
    for (const [, cursor = 0, number = 0] of acknowledged) {
      expect(entries[cursor - 1]?.change.kind).toBe("batch");
      expect(number).toBeLessThanOrEqual(head);
    }
    ballots += head - 1;
    expect((await ledger.standing()).polls.get(testId(1))?.tally).toEqual([ballots, 0, 0]);
    const live = await ledger.dump();
    await ledger.rebuild();
    expect(await ledger.dump()).toEqual(live);
    await ledger.close();
  }
}, 60_000);

const hasPrlimit = process.platform === "linux" && spawnSync("prlimit", ["--version"]).status === 0;

test.skipIf(!hasPrlimit)(
  "a disk that takes no more is told to everyone waiting, and votes go on when it does again",
  async () => {
    const directory = newDirectory();
    const { child, lines, ended } = startLoop(directory, 1, 5);
    const limit = (bytes: string) => spawnSync("prlimit", ["--pid", String(child.pid), `--fsize=${bytes}:unlimited`]);
    await expect.poll(() => lines.length, { timeout: 15_000 }).toBeGreaterThan(10);
    // The system refuses every write beyond this size, as it does on a full disk.
    limit("20000");
    await expect
      .poll(() => lines.filter((line) => line.startsWith("no")).length, { timeout: 15_000 })
      .toBeGreaterThan(5);
    limit("unlimited");
    const refused = lines.length;
    await expect.poll(() => lines.length - refused, { timeout: 15_000 }).toBeGreaterThan(50);
    child.kill("SIGKILL");
    await ended;
    expect(lines.find((line) => line.startsWith("no"))).toMatch(/\((disk-full|io-error)\)\. .*carries on/);
  },
  60_000,
);

test("a probe writes each time: else it would find nothing out of a disk that goes on failing", async () => {
  const directory = newDirectory();
  const ledger = await open(directory);
  const wal = join(directory, "ledger.sqlite-wal");
  for (let times = 0; times < 3; times++) {
    const before = statSync(wal).size;
    expect(await ledger.probe()).toEqual({ ok: true });
    expect(statSync(wal).size).toBeGreaterThan(before);
  }
  expect((await ledger.standing()).cursor).toBe(0);
});

test("of a vote its poll is passed on, and nothing of the log that it came in", async () => {
  const told: object[] = [];
  const startWorker = (start: LedgerStart) => {
    const worker = new Worker(new URL("ledger-worker.ts", import.meta.url), { workerData: start });
    return worker.on("message", (message: FromThread) => {
      if (message.kind === "answers" && message.committed !== null) told.push(message.committed);
    });
  };
  const ledger = await open(newDirectory(), { startWorker });
  const poll = testPoll(sha256, 1);
  const log = await begin(ledger, poll);
  log.add(vote(poll, 1, 2, 28_800_000));
  await ledger.append(log.batch(2));
  expect(told.at(-1)).toMatchObject({ polls: [{ tally: [0, 1, 0] }], branches: [] });
  expect(told.filter((committed) => Object.hasOwn(committed, "logs"))).toEqual([]);
});
