import { spawn, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { hashRecords } from "../../shared/domain/batch.ts";
import { decodeRecord, type LogRecord } from "../../shared/domain/record.ts";
import { inEnglish, type Sentence } from "../../shared/sentences/sentence.ts";
import { append, ballotAt, beginLog, createLogBed, sha256 } from "./log-bed.testing.ts";

const bed = createLogBed();
afterEach(bed.clear);

const LOOP = fileURLToPath(new URL("append-loop.testing.ts", import.meta.url));

/** Run the loop until it printed some lines, kill it, and return what it had said. */
async function killAfter(directory: string, together: number, lines: number): Promise<{ log: string; last: number }> {
  const child = spawn(process.execPath, [LOOP, directory, String(together)], { stdio: ["ignore", "pipe", "inherit"] });
  const said: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    said.push(line);
    if (said.length === lines) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.once("close", resolve));
  const [first = "", ...numbers] = said;
  expect(numbers.map(Number)).toEqual(numbers.map((_, at) => at + 1));
  return { log: first.replace("log ", ""), last: numbers.length };
}

test("after kill -9 every vote whose success was told is there, each once, and nothing stands half", async () => {
  const seed = Date.now() % 100_000;
  console.log(`kill -9 seed: ${seed}`);
  const directory = bed.newDirectory();
  for (let round = 0; round < 5; round++) {
    const [a = 0, b = 0] = sha256(Uint8Array.of(seed & 255, seed >> 8, round));
    const { log, last } = await killAfter(directory, 1 + (a % 40), 2 + b);
    const store = await bed.open(directory);
    const found = store.found.at(-1);
    if (found === undefined) throw new Error("the log itself is gone");
    expect(toHex(found.log)).toBe(log);
    expect(found.head).toBeGreaterThanOrEqual(last);
    const { hashBefore, records } = await store.read(found.log, 1, found.head + 1);
    const whole = records.map((bytes) => decodeRecord(bytes)).filter((record) => record !== undefined);
    expect(whole.map(({ ms }) => ms)).toEqual(records.map((_, at) => at + 1));
    expect(whole).toHaveLength(found.head);
    expect(found.hash).toEqual(hashRecords(sha256, hashBefore, whole));
    await store.close();
  }
}, 60_000);

const mayMount = process.platform === "linux" && process.getuid?.() === 0 && canMount();

function canMount(): boolean {
  const directory = bed.newDirectory();
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", directory]).status === 0;
  if (mounted) spawnSync("umount", [directory]);
  rmSync(directory, { recursive: true });
  return mounted;
}

test.skipIf(!mayMount)(
  "on a full disk a vote is refused in words, none stands half, and voting goes on by itself when there is room",
  async () => {
    const directory = bed.newDirectory();
    expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", directory]).status).toBe(0);
    try {
      const ballast = join(directory, "ballast");
      writeFileSync(ballast, Buffer.alloc(200_000));
      const store = await bed.open(directory);
      const { log, hash } = await beginLog(store);
      const kept: LogRecord[] = [];
      let reason: Sentence | null = null;
      for (let ms = 1; reason === null && ms < 10_000; ms++) {
        const [answer] = await append(store, ballotAt(ms));
        if (answer?.ok === true) kept.push(ballotAt(ms));
        else reason = answer?.reason ?? null;
      }
      expect(reason && inEnglish(reason)).toMatch(
        /^The disk is full\. Free some space where .*log\.sqlite lies; voting goes on by itself/,
      );
      expect(await store.probe()).toMatchObject({ ok: false, reason });
      store.keep("picture", new Uint8Array(20_000));
      expect(await append(store, ballotAt(20_000), ballotAt(20_001))).toMatchObject([{ ok: false }, { ok: false }]);

      rmSync(ballast);
      expect(await store.probe()).toEqual({ ok: true });
      const more = [ballotAt(30_000), ballotAt(30_001)];
      expect(await append(store, ...more)).toMatchObject([{ number: kept.length + 1 }, { number: kept.length + 2 }]);
      const after = await store.read(log, kept.length + 3, 0);
      expect(after.hashBefore).toEqual(hashRecords(sha256, hash, [...kept, ...more]));
      await store.close();
      const again = await bed.open(directory);
      expect(again.found).toMatchObject([{ head: kept.length + 2 }]);
      expect(again.kept.get("picture")).toHaveLength(20_000);
      await again.close();
    } finally {
      spawnSync("umount", ["-l", directory]);
    }
  },
);
