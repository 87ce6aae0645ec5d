/** A serial line without hardware: a socat pair of pseudo-terminals. One end is the station's, the other the test's. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { ReadStream } from "node:tty";
import { atEnd } from "./at-end.ts";
import { openScratch } from "./scratch.ts";
import { until, within } from "./within.ts";

export interface SerialLine {
  /** What the station opens. */
  path: string;
  /** What the reader sends. */
  write(bytes: Uint8Array): Promise<void>;
  /** What the station writes to the reader. */
  onBytes(run: (bytes: Uint8Array) => void): void;
  /** As if the cable were pulled. */
  unplug(): Promise<void>;
}

const GONE_MS = 5_000;

/** Is socat here? Suites that need it say by name that they were not run. */
export const HAS_SOCAT = spawnSync("socat", ["-V"]).status === 0;

const running = new Set<ChildProcess>();
atEnd(() => {
  for (const socat of running) socat.kill("SIGKILL");
});

export async function openSerialLine(): Promise<SerialLine> {
  const folder = openScratch("line");
  const path = join(folder, "station");
  const end = join(folder, "reader");
  const socat = spawn("socat", [`pty,raw,echo=0,link=${path}`, `pty,raw,echo=0,link=${end}`], { stdio: "ignore" });
  const exited = new Promise<void>((resolve) => void socat.once("exit", () => resolve()));
  running.add(socat);
  await until("the pseudo-terminals", () => existsSync(path) && existsSync(end));
  const reader: FileHandle = await open(end, "r+");
  let ear: ReadStream | undefined;
  return {
    path,
    async write(bytes) {
      await reader.write(bytes);
    },
    onBytes(run) {
      // Not through the file handle: a read there would hold a thread for each line.
      ear ??= new ReadStream(openSync(end, "r")).on("error", () => {});
      ear.on("data", run);
    },
    async unplug() {
      ear?.destroy();
      await reader.close();
      socat.kill("SIGKILL");
      await within(GONE_MS, "socat to end", exited);
      running.delete(socat);
    },
  };
}

/** A 125 kHz frame as RDM6300 sends it: STX, ten digits, two of checksum, ETX. @param uid 5 bytes */
export function rdm6300Frame(uid: Uint8Array): Buffer {
  const checksum = uid.reduce((sum, byte) => sum ^ byte, 0);
  const digits = Buffer.from([...uid, checksum])
    .toString("hex")
    .toUpperCase();
  return Buffer.from(`\u0002${digits}\u0003`, "latin1");
}
