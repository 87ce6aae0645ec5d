/** A serial line of two pseudo-terminals, joined by socat. For tests only. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReadStream } from "node:tty";
import { setTimeout as pause } from "node:timers/promises";

export const HAS_SOCAT = spawnSync("socat", ["-V"], { stdio: "ignore" }).status === 0;
export const WAIT = { timeout: 8000, interval: 10 };

export interface PtyLine {
  /** What the station opens; the same after plugging in again. */
  readonly port: string;
  readonly device: { write(bytes: Uint8Array): void; onBytes(run: (bytes: Uint8Array) => void): void };
  unplug(): Promise<void>;
}

export interface Bench {
  readonly port: string;
  /** A line with the station's end at `port`; resolves when both ends are there. */
  plugIn(): Promise<PtyLine>;
  /** Takes the port's name away, and leaves the line as it is. */
  unlink(): Promise<void>;
  clear(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "polling-station-pty-"));
  const port = join(folder, "reader");
  const lines = new Set<PtyLine>();
  return {
    port,
    async plugIn() {
      const line = await plugIn(port, join(folder, "device"), () => lines.delete(line));
      lines.add(line);
      return line;
    },
    async unlink() {
      await rm(port);
      await rm(join(folder, "device"));
    },
    async clear() {
      for (const line of lines) await line.unplug();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function plugIn(port: string, far: string, gone: () => void): Promise<PtyLine> {
  const socat = spawn("socat", [`pty,raw,echo=0,link=${port}`, `pty,raw,echo=0,link=${far}`], { stdio: "ignore" });
  const endMs = performance.now() + WAIT.timeout;
  while (!existsSync(port) || !existsSync(far)) {
    if (performance.now() > endMs) throw new Error("socat has not made its ptys");
    await pause(WAIT.interval);
  }
  const fd = openSync(far, "r+");
  // Read without blocking a thread for each line.
  const stream = new ReadStream(fd);
  stream.on("error", () => {});
  return {
    port,
    device: {
      write(bytes) {
        if (!stream.destroyed) writeSync(fd, bytes);
      },
      onBytes: (run) => void stream.on("data", run),
    },
    async unplug() {
      gone();
      stream.destroy();
      await end(socat);
      // Killed like this it leaves its links behind; a real unplug takes the node away.
      await rm(port, { force: true });
      await rm(far, { force: true });
    },
  };
}

async function end(socat: ChildProcess): Promise<void> {
  if (socat.exitCode !== null || socat.signalCode !== null) return;
  const ended = once(socat, "exit");
  socat.kill("SIGKILL");
  await ended;
}
