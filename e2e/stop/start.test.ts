/** `npm start` without a window: what it starts it also ends, whenever it is told to. */
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { spawnProgram, type Program } from "../rig/program.ts";
import { openScratch } from "../rig/scratch.ts";
import { listenToScreen } from "../rig/screen-events.ts";
import { startStationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";
import { expectGoodStop } from "./in-good-order.ts";

const NOBODY = "http://127.0.0.1:9";
const START_MS = 20_000;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

function npmStart(data: string, ...more: string[]): Program {
  const args = ["--headless", "--data", data, "--server-port", "0", "--station-port", "0", ...more];
  const program = spawnProgram("build/start.ts", { args, env: { POLLING_STATION_ADMIN_PASSWORD: undefined } });
  ends.push(() => program.stop());
  return program;
}

/** Process ids of what runs on this data directory, by the system's own list. */
function running(data: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandOf(pid).some((argument) => argument.startsWith(data)))
    .map(Number);
}

function commandOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    // It ended between the list and the look.
    return [];
  }
}

const said = (program: Program, words: RegExp) => until(String(words), () => words.test(program.stdout()), START_MS);
const LINUX = process.platform === "linux";
const NO_LIST = LINUX ? "" : " (not run: it reads Linux's list of processes)";

test.skipIf(!LINUX)(
  `stopped by way of npm, whose shell says nothing of it, nothing is left running either${NO_LIST}`,
  async () => {
    const data = openScratch("start");
    const flags = `--headless --data ${data} --server-port 0 --station-port 0`;
    // As npm does it, only that this shell waits: some replace themselves by their last command.
    const shell = spawn("sh", ["-c", `"${process.execPath}" build/start.ts ${flags}; true`], {
      env: { ...process.env, npm_lifecycle_event: "start" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    ends.push(() => {
      shell.kill("SIGKILL");
      for (const pid of running(data)) process.kill(pid, "SIGKILL");
    });
    let out = "";
    shell.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    await until("the kiosk", () => out.includes("The kiosk is at "), START_MS);
    shell.kill("SIGTERM");
    await until("the end of all", () => running(data).length === 0);
    expect(running(data)).toEqual([]);
  },
  60_000,
);

test.skipIf(!LINUX)(
  `stopped, it leaves nothing running, and the poll is there again without it${NO_LIST}`,
  async () => {
    const data = openScratch("start");
    const start = npmStart(data);
    await said(start, /The kiosk is at /);
    expect(running(data)).toHaveLength(3);
    await expectGoodStop(start);
    expect(running(data)).toEqual([]);

    const station = await startStationProgram({ server: NOBODY, data: join(data, "station") });
    ends.push(() => station.stop());
    const ears = listenToScreen(station.url);
    ends.push(() => ears.close());
    const first = await until("the first picture", () => ears.heard[0]);
    expect(first).toMatchObject({ poll: { state: "open" }, tally: { counts: [0, 0, 0, 0, 0] } });
  },
);

test.skipIf(!LINUX).each([
  ["its server starts", 2, /^/],
  ["its station starts", 3, /server listening/],
])(`stopped while %s, it leaves nothing running either${NO_LIST}`, async (_, programs, words) => {
  const data = openScratch("start");
  const start = npmStart(data);
  await said(start, words);
  await until("the program to be there", () => running(data).length === programs, START_MS);
  await expectGoodStop(start, "SIGINT");
  expect(running(data)).toEqual([]);
});

test.skipIf(!LINUX)(`a server that hangs does not keep it${NO_LIST}`, async () => {
  const data = openScratch("start");
  const start = npmStart(data);
  await said(start, /The kiosk is at /);
  const server = running(data).find((pid) =>
    commandOf(String(pid)).some((argument) => argument.endsWith("server/main.ts")),
  );
  process.kill(server ?? 0, "SIGSTOP");
  await expectGoodStop(start);
  expect(running(data)).toEqual([]);
});

test.skipIf(!LINUX)(
  `when its station cannot start, its server ends with it, and the reason is told${NO_LIST}`,
  async () => {
    const data = openScratch("start");
    const start = npmStart(data, "--reader", "camera:0");
    expect(await start.exited).toEqual({ code: 2, signal: null });
    expect(start.stderr()).toMatch(/unknown kind of reader/);
    expect(start.stderr()).toMatch(/The station ended/);
    expect(running(data)).toEqual([]);
  },
);
