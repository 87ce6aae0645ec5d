import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { inEnglish } from "../../../shared/sentences/sentence.ts";
import { explainTrouble } from "../serial/trouble.ts";
import { parseReaderSpec } from "../spec.ts";
import { openEvdevReader } from "./evdev-reader.ts";
import { grabKeyboard } from "./grab-keyboard.ts";
import type { InputEvent } from "./input-event.ts";
import { findProgram } from "./keyboard-child.ts";
import type { KeyboardOpening } from "./keyboard.ts";
import { asEvtest, EVTEST_HEAD, EVTEST_TAKEN, typing } from "./keys.testing.ts";
import { systemEvdevDeps } from "./system-keyboard.ts";

const folders: string[] = [];
const openings: KeyboardOpening[] = [];
afterEach(async () => {
  for (const opening of openings.splice(0)) if (opening.ok) await opening.keyboard.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A program in the place of evtest, which has nothing to grab here: it says this, then does that. */
function played(says: string, then: string) {
  const folder = mkdtempSync(join(tmpdir(), "evtest-"));
  folders.push(folder);
  const [program, words] = [join(folder, "evtest"), join(folder, "words")];
  writeFileSync(words, says);
  writeFileSync(program, `#!/bin/sh\necho $$ $@ > ${folder}/called\ncat ${words}\n${then}\n`);
  chmodSync(program, 0o755);
  return {
    find: (name: string) => findProgram(name, `${folder}:/usr/bin:/bin`),
    called: () => readFileSync(join(folder, "called"), "utf8").trim(),
    pid: () => Number(readFileSync(join(folder, "called"), "utf8").split(" ")[0]),
  };
}

async function grab(path: string, find?: (name: string) => string | undefined) {
  const heard: InputEvent[] = [];
  const gone: string[] = [];
  const events = {
    onEvents: (keys: readonly InputEvent[]) => void heard.push(...keys),
    onGone: (trouble: Parameters<typeof explainTrouble>[1]) => void gone.push(inEnglish(explainTrouble(path, trouble))),
  };
  const opening = await (find === undefined ? grabKeyboard(path, events) : grabKeyboard(path, events, find));
  openings.push(opening);
  return { opening, heard, gone, why: opening.ok ? "held" : inEnglish(explainTrouble(path, opening.trouble)) };
}

/** One that ended but that nobody asked about (its parent is gone) is still listed, as a zombie. */
function runs(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

test("the keys of a keyboard that is held are heard, and letting go of it ends the child", async () => {
  const keys = typing("0013961168\n", 4);
  const { find, called, pid } = played(EVTEST_HEAD + asEvtest(keys), "exec sleep 60");
  const { opening, heard } = await grab("/dev/input/event5", find);
  expect(called()).toMatch(/^\d+ --grab \/dev\/input\/event5$/);
  await vi.waitFor(() => expect(heard).toEqual(keys));
  expect(runs(pid())).toBe(true);
  if (opening.ok) await opening.keyboard.close();
  expect(runs(pid())).toBe(false);
});

test("a number that a wedge typed whole in the moment before it is held is told as bad, once the wedge is there", async () => {
  const { find } = played(EVTEST_HEAD + asEvtest(typing("0013961168\n", 4)), "exec sleep 60");
  const parsed = parseReaderSpec("evdev:/dev/input/event5");
  if (!parsed.ok || parsed.spec.kind !== "evdev") throw new Error("no wedge");
  const told: string[] = [];
  const reader = openEvdevReader(
    parsed.spec,
    {
      onSighting: ({ kind }) => void told.push(kind),
      onBadFrame: () => void told.push("bad"),
      onState: ({ kind }) => void told.push(kind === "present" ? "there" : kind),
    },
    {
      ...systemEvdevDeps,
      locate: (path) => Promise.resolve({ look: { kind: "device", mark: "1" }, path }),
      grab: (path, events) => grabKeyboard(path, events, find),
    },
  );
  await vi.waitFor(() => expect(told).toEqual(["there", "bad"]), { timeout: 5_000 });
  await reader.stop();
});

test("a keyboard that another program has is told, and the child ended", async () => {
  const { find, pid } = played(EVTEST_HEAD + EVTEST_TAKEN, "exec sleep 60");
  const { why } = await grab("/dev/input/event5", find);
  expect(why).toContain("/dev/input/event5 is taken by another program: close it");
  await vi.waitFor(() => expect(runs(pid())).toBe(false));
});

test("an unplug ends the child and is told as such", async () => {
  const { find } = played(
    EVTEST_HEAD,
    "sleep 0.4; echo 'expected 24 bytes, got -1'; printf '\\nevtest: error reading: No such device\\n' >&2; exit 1",
  );
  const { opening, gone } = await grab("/dev/input/event5", find);
  expect(opening.ok).toBe(true);
  await vi.waitFor(() => expect(gone).toEqual(["/dev/input/event5 was unplugged: plug the reader in again"]));
});

test("a child that somebody ends is noticed", async () => {
  const { find, pid } = played(EVTEST_HEAD, "exec sleep 60");
  const { gone } = await grab("/dev/input/event5", find);
  process.kill(pid(), "SIGKILL");
  await vi.waitFor(() => expect(gone).toEqual([expect.stringContaining("was ended: it is started again")]));
});

test("last words without end are not kept", async () => {
  const { find } = played("", "yes nonsense | head -c 300000 >&2; exit 1");
  const { why } = await grab("/dev/input/event5", find);
  expect(why).toContain("nonsense");
  expect(why.length).toBeLessThan(400);
});

test("a program that cannot be started is told", async () => {
  const { why } = await grab("/dev/input/event5", (name) => (name === "evtest" ? "/nowhere/evtest" : undefined));
  expect(why).toContain("/dev/input/event5 fails (spawn /nowhere/evtest ENOENT)");
});

test("so is one that is not even tried to start, as for want of memory", async () => {
  // Here for want of room: Linux takes no argument of more than 128 KiB.
  const { why, gone } = await grab(`/dev/${"x".repeat(200_000)}`, () => "/bin/true");
  expect(why).toContain("E2BIG");
  expect(gone).toHaveLength(1);
});

test("without evtest the remedy is told", async () => {
  const { why } = await grab("/dev/input/event5", () => undefined);
  expect(why).toContain("sudo apt-get install evtest");
});

test("a station that is killed leaves no child behind", async () => {
  const { find, pid } = played(EVTEST_HEAD, "exec sleep 60");
  const module = JSON.stringify(new URL("grab-keyboard.ts", import.meta.url).pathname);
  const tools = JSON.stringify({ evtest: find("evtest"), setpriv: find("setpriv") });
  const script =
    `const { grabKeyboard } = await import(${module}); const tools = ${tools};` +
    `await grabKeyboard("/dev/x", { onEvents() {}, onGone() {} }, (name) => tools[name]);` +
    `process.kill(process.pid, "SIGKILL");`;
  const { signal, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { timeout: 15_000 });
  expect([signal, String(stderr)]).toEqual(["SIGKILL", expect.any(String)]);
  await vi.waitFor(() => expect(runs(pid())).toBe(false));
});

/** The part that the real program plays without a keyboard: its words when it cannot have one. */
describe.skipIf(findProgram("evtest") === undefined)("the real evtest (apt-get install evtest, else not run)", () => {
  test.each([
    ["/dev/input/nothing-there", "/dev/input/nothing-there is not there: plug the reader in, or check the path"],
    ["/dev/null", "/dev/null is not a keyboard: check the path"],
    ["/tmp", "/tmp is not a keyboard: check the path"],
  ])("on %s says what is told as: %s", async (path, why) => {
    expect((await grab(path)).why).toBe(why);
  });
});
