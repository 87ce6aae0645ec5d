/** The real serial shell on real terminals: socat joins two ptys, one is the reader's line, the other our hand. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ascii, toHex } from "../../../shared/bytes.ts";
import type { Reader } from "../driver.ts";
import { openReader } from "../drivers.ts";
import { PUBLIC_FRAMES } from "../public-frames.ts";
import { parseReaderSpec } from "../spec.ts";

const HAS_SOCAT = spawnSync("socat", ["-V"], { stdio: "ignore" }).status === 0;
const WAIT = { timeout: 8000, interval: 10 };

interface Line {
  socat: ChildProcess;
  device: FileHandle;
}

let folder = "";
let port = "";
let lines: Line[] = [];
let readers: Reader[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "polling-station-pty-"));
  port = join(folder, "reader");
  lines = [];
  readers = [];
});

afterEach(async () => {
  await Promise.all(readers.map((reader) => reader.stop()));
  for (const line of lines) await unplug(line);
  await rm(folder, { recursive: true, force: true });
});

/** A line with the station's end at `port`; resolves when both ends are there. */
async function plugIn(): Promise<Line> {
  const far = join(folder, "device");
  const socat = spawn("socat", [`pty,raw,echo=0,link=${port}`, `pty,raw,echo=0,link=${far}`], { stdio: "ignore" });
  await vi.waitFor(() => {
    if (!existsSync(port) || !existsSync(far)) throw new Error("socat has not made its ptys yet");
  }, WAIT);
  const line = { socat, device: await open(far, "r+") };
  lines.push(line);
  return line;
}

async function unplug({ socat, device }: Line): Promise<void> {
  if (socat.exitCode === null && socat.signalCode === null) {
    const ended = once(socat, "exit");
    socat.kill("SIGKILL");
    await ended;
  }
  await device.close();
  // Killed like this it leaves its links behind; a real unplug takes the node away.
  await rm(port, { force: true });
  await rm(join(folder, "device"), { force: true });
  lines = lines.filter((line) => line.socat !== socat);
}

function listen(protocol: string) {
  const uids: string[] = [];
  const states: string[] = [];
  const counts = { bad: 0 };
  const parsed = parseReaderSpec(`serial:${port}?protocol=${protocol}`);
  if (!parsed.ok) throw new Error(parsed.why);
  const reader = openReader(parsed.spec, {
    onSighting: (sighting) => uids.push(toHex(sighting.uid)),
    onBadFrame: () => {
      counts.bad += 1;
    },
    onState: (state) => states.push(state.kind === "present" ? "present" : state.reason),
  });
  readers.push(reader);
  return { reader, uids, states, counts };
}

const until = (promise: () => void): Promise<void> => vi.waitFor(promise, WAIT);

const BAD: Readonly<Record<string, Uint8Array>> = {
  parallax: ascii("\n0F0184F0\r"),
  arduino: ascii("UID: 1BF07641\n"),
};
const BAD_CHECKSUM = ascii("\x02100026F44426\x03");

describe.skipIf(!HAS_SOCAT)(`a reader on a real serial line${HAS_SOCAT ? "" : " (not run: socat is missing)"}`, () => {
  test.each(PUBLIC_FRAMES.filter((frame) => frame.uid !== undefined))(
    "reads the $protocol frame from $source however it is cut, bad ones in between",
    async ({ protocol, bytes, uid }) => {
      const { device } = await plugIn();
      const { uids, states, counts } = listen(protocol);
      await until(() => expect(states).toEqual(["present"]));
      for (let cut = 1; cut < bytes.length; cut++) {
        for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut), BAD[protocol] ?? BAD_CHECKSUM]) {
          await device.write(piece);
        }
        await until(() => expect(counts.bad).toBe(cut));
      }
      expect(uids).toEqual(Array.from({ length: bytes.length - 1 }, () => uid));
    },
  );

  test("tells an unplug in words and comes back by itself when plugged in again", async () => {
    const frame = ascii("\x023C00CE754CCB\x03");
    const first = await plugIn();
    const { uids, states } = listen("rdm6300");
    for (let round = 0, line = first; round < 3; round++) {
      await until(() => expect(states.at(-1)).toBe("present"));
      await line.device.write(frame);
      await until(() => expect(uids).toHaveLength(round + 1));
      await unplug(line);
      await until(() =>
        expect(states.at(-1)).toMatch(/was unplugged: plug the reader in again|is not there: plug the reader in/),
      );
      line = await plugIn();
    }
    await until(() => expect(states.at(-1)).toBe("present"));
  });

  test("waits for a path that is not there yet", async () => {
    const { states } = listen("rdm6300");
    await until(() => expect(states).toEqual([`${port} is not there: plug the reader in, or check the path`]));
    await plugIn();
    await until(() => expect(states.at(-1)).toBe("present"));
  });

  test("says that a port is taken, and takes it when it is free", async () => {
    await plugIn();
    const holder = listen("rdm6300");
    await until(() => expect(holder.states).toEqual(["present"]));
    const second = listen("rdm6300");
    await until(() => expect(second.states.at(-1)).toContain("is taken by another program"));
    await holder.reader.stop();
    await until(() => expect(second.states.at(-1)).toBe("present"));
  });

  test("follows a link that leads to another device now, though the old one fell silent without a word", async () => {
    await plugIn();
    const { uids, states } = listen("rdm6300");
    await until(() => expect(states).toEqual(["present"]));
    // The first line stays alive: nothing is reported, only the path leads elsewhere.
    await rm(port);
    await rm(join(folder, "device"));
    const second = await plugIn();
    await until(() => expect(states.length).toBeGreaterThan(1));
    await until(() => expect(states.at(-1)).toBe("present"));
    await second.device.write(ascii("\x023C00CE754CCB\x03"));
    await until(() => expect(uids).toEqual(["3c00ce754c"]));
  });

  test("stops at once while the port is still opening", async () => {
    await plugIn();
    const { reader, states } = listen("rdm6300");
    await reader.stop();
    expect(states).toEqual([]);
    // The port is free again: another reader gets it.
    const next = listen("rdm6300");
    await until(() => expect(next.states).toEqual(["present"]));
  });
});

test("a file that is no serial port is told as that", async () => {
  const file = await open(port, "w");
  await file.close();
  const { states } = listen("rdm6300");
  await until(() => expect(states).toEqual([`${port} is not a serial port: check the path`]));
});
