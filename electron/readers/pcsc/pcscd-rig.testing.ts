/**
 * A real pcscd with sixteen virtual readers (Debian's vsmartcard-vpcd), and cards in a process of their own. For tests only.
 *
 * pcscd's socket is compiled in and a second pcscd refuses to start, so one test file has it at a time (a lock), as root, and
 * not at all where another pcscd runs. Ports, drivers and configuration are new for each rig; nothing of the machine's is
 * touched.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
const PCSCD = ["/usr/sbin/pcscd", "/usr/bin/pcscd"].find((file) => existsSync(file));
const SOCKET = "/run/pcscd/pcscd.comm";
const LOCK = join(tmpdir(), "polling-station-pcscd.lock");
/** Each driver's file serves two slots. */
const SLOTS = 2;
const READERS = 16;
const UP_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 20;
const TERMINATED = 128 + 15;
/** So that pcscd ends with us, even if we are killed. */
const SETPRIV = "/usr/bin/setpriv";

/** Why the rig cannot be had here; null when it can. */
export async function whyNoPcscd(): Promise<string | null> {
  if (PCSCD === undefined) return "pcscd is missing";
  if (!existsSync(DRIVER)) return "vsmartcard-vpcd is missing";
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "pcscd needs root";
  // Ours, of another test file, will end: that one is waited for.
  if (!isHeld() && (await answers())) return "another pcscd is running";
  return null;
}

export interface PcscdRig {
  /** pcscd's names for the readers, by number, from 0. */
  readonly names: readonly string[];
  start(): Promise<void>;
  /** As a power cut would, and no service restarts it. */
  kill(): Promise<void>;
  /** Puts a card on a reader. `manner`: `pulled` goes in the middle of the first command, `hollow` answers it with success alone. */
  insert(reader: number, uid: string, manner?: "whole" | "pulled" | "hollow"): Promise<void>;
  remove(reader: number): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves when no other test has it; not started yet. */
export async function openPcscdRig(): Promise<PcscdRig> {
  await lock();
  const folder = mkdtempSync(join(tmpdir(), "polling-station-pcscd-"));
  const ports = await freePorts();
  const config = join(folder, "readers.conf");
  writeFileSync(config, ports.map((port, at) => section(folder, port, at)).join("\n"));
  const cards = spawn(process.execPath, [fileURLToPath(new URL("rig-cards.testing.ts", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const said = lines(cards);
  let pcscd: ChildProcess | null = null;
  const end = () => {
    pcscd?.kill("SIGKILL");
    cards.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    unlock();
  };
  process.once("exit", end);
  // Vitest ends its workers by it, which by itself would end them without "exit".
  process.once("SIGTERM", () => process.exit(TERMINATED));

  const kill = async () => {
    if (pcscd === null) return;
    const ended = once(pcscd, "exit");
    pcscd.kill("SIGKILL");
    await ended;
    pcscd = null;
  };
  const command = async (words: readonly (string | number)[]) => {
    cards.stdin.write(`${words.join(" ")}\n`);
    await said();
  };
  return {
    names: Array.from({ length: READERS }, (_, at) => `${title(at >> 1)} 00 0${at % SLOTS}`),
    async start() {
      mkdirSync("/run/pcscd", { recursive: true });
      const args = ["--foreground", "--config", config];
      pcscd = existsSync(SETPRIV)
        ? spawn(SETPRIV, ["--pdeathsig", "KILL", PCSCD ?? "", ...args], { stdio: "ignore" })
        : spawn(PCSCD ?? "", args, { stdio: "ignore" });
      const endMs = performance.now() + UP_WITHIN_MS;
      while (!(await answers())) {
        if (pcscd.exitCode !== null) throw new Error(`pcscd ended with ${pcscd.exitCode}`);
        if (performance.now() > endMs) throw new Error("pcscd does not answer");
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    },
    kill,
    // A slot listens on its driver's port and on the ones after it.
    insert: (reader, uid, manner = "whole") =>
      command(["insert", reader, (ports[reader >> 1] ?? 0) + (reader % SLOTS), uid, manner]),
    remove: (reader) => command(["remove", reader]),
    async stop() {
      await kill();
      process.removeListener("exit", end);
      end();
    },
  };
}

function title(driver: number): string {
  return `Rig ${"ABCDEFGH"[driver]}`;
}

function section(folder: string, port: number, at: number): string {
  const driver = join(folder, `vpcd-${at}.so`);
  copyFileSync(DRIVER, driver);
  const settings = [
    `FRIENDLYNAME "${title(at)}"`,
    `DEVICENAME /dev/null:${port}`,
    `LIBPATH ${driver}`,
    `CHANNELID ${port}`,
  ];
  return `${settings.join("\n")}\n`;
}

/** Does anybody answer at pcscd's socket? */
function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ path: SOCKET });
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

/** Pairs of neighbours that are free now, outside of what the system hands out by itself. */
async function freePorts(): Promise<number[]> {
  const ports: number[] = [];
  for (let port = 20_000 + ((process.pid * 32) % 10_000); ports.length < READERS / SLOTS; port += SLOTS) {
    if ((await isFree(port)) && (await isFree(port + 1))) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "0.0.0.0", () => server.close(() => resolve(true)));
  });
}

/** The next line that the process says, each once. */
function lines(child: ChildProcess): () => Promise<string> {
  const waiting: ((line: string) => void)[] = [];
  const ready: string[] = [];
  let rest = "";
  child.stdout?.on("data", (bytes: Buffer) => {
    const parts = (rest + bytes.toString()).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) {
      const next = waiting.shift();
      if (next === undefined) ready.push(line);
      else next(line);
    }
  });
  return () => {
    const line = ready.shift();
    return line === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(line);
  };
}

async function lock(): Promise<void> {
  for (;;) {
    try {
      writeFileSync(LOCK, `${process.pid}`, { flag: "wx" });
      return;
    } catch {
      if (!isHeld()) rmSync(LOCK, { force: true });
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}

function isHeld(): boolean {
  try {
    process.kill(Number(readFileSync(LOCK, "utf8")), 0);
    return true;
  } catch {
    return false;
  }
}

function unlock(): void {
  rmSync(LOCK, { force: true });
}
