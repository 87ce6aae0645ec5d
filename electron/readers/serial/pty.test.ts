/** The real serial shell on real terminals: socat joins two ptys, one is the reader's line, the other our hand. */
import { writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ascii, toHex } from "../../../shared/bytes.ts";
import { inEnglish } from "../../../shared/sentences/sentence.ts";
import type { Reader } from "../driver.ts";
import { openReader } from "../drivers.ts";
import { PUBLIC_FRAMES } from "../public-frames.ts";
import { parseReaderSpec } from "../spec.ts";
import { serialProtocol } from "./protocols.ts";
import { type Bench, HAS_SOCAT, openBench, WAIT } from "./pty-line.testing.ts";

let bench: Bench;
let readers: Reader[] = [];

beforeEach(async () => {
  bench = await openBench();
  readers = [];
});

afterEach(async () => {
  await Promise.all(readers.map((reader) => reader.stop()));
  await bench.clear();
});

function listen(protocol: string) {
  const uids: string[] = [];
  const states: string[] = [];
  const counts = { bad: 0 };
  const parsed = parseReaderSpec(`serial:${bench.port}?protocol=${protocol}`);
  if (!parsed.ok) throw new Error(parsed.why);
  const reader = openReader(parsed.spec, {
    onSighting: ({ tag }) => uids.push(tag.form === "bytes" ? toHex(tag.bytes) : tag.digits),
    onBadFrame: () => {
      counts.bad += 1;
    },
    onState: (state) => states.push(state.kind === "present" ? "present" : inEnglish(state.reason)),
  });
  readers.push(reader);
  return { reader, uids, states, counts };
}

const until = (promise: () => void): Promise<void> => vi.waitFor(promise, WAIT);

const BAD: Readonly<Record<string, Uint8Array>> = {
  parallax: ascii("\n0F0184F0\r"),
  arduino: ascii("UID: 1BF07641\n"),
  easyident: ascii("0123\n"),
  rssystems: ascii("0123\n"),
};
const BAD_CHECKSUM = ascii("\x02100026F44426\x03");

describe.skipIf(!HAS_SOCAT)(`a reader on a real serial line${HAS_SOCAT ? "" : " (not run: socat is missing)"}`, () => {
  test.each(
    PUBLIC_FRAMES.filter(({ protocol, uid }) => uid !== undefined && serialProtocol(protocol).converse === null),
  )(
    "reads the $protocol frame from $source however it is cut, bad ones in between",
    async ({ protocol, bytes, uid }) => {
      const { device } = await bench.plugIn();
      const { uids, states, counts } = listen(protocol);
      await until(() => expect(states).toEqual(["present"]));
      for (let cut = 1; cut < bytes.length; cut++) {
        for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut), BAD[protocol] ?? BAD_CHECKSUM]) {
          device.write(piece);
        }
        await until(() => expect(counts.bad).toBe(cut));
      }
      expect(uids).toEqual(Array.from({ length: bytes.length - 1 }, () => uid));
    },
  );

  test("tells an unplug in words and comes back by itself when plugged in again", async () => {
    const frame = ascii("\x023C00CE754CCB\x03");
    const first = await bench.plugIn();
    const { uids, states } = listen("rdm6300");
    for (let round = 0, line = first; round < 3; round++) {
      await until(() => expect(states.at(-1)).toBe("present"));
      line.device.write(frame);
      await until(() => expect(uids).toHaveLength(round + 1));
      await line.unplug();
      await until(() =>
        expect(states.at(-1)).toMatch(/was unplugged: plug the reader in again|is not there: plug the reader in/),
      );
      line = await bench.plugIn();
    }
    await until(() => expect(states.at(-1)).toBe("present"));
  });

  test("waits for a path that is not there yet", async () => {
    const { states } = listen("rdm6300");
    await until(() => expect(states).toEqual([`${bench.port} is not there: plug the reader in, or check the path`]));
    await bench.plugIn();
    await until(() => expect(states.at(-1)).toBe("present"));
  });

  test("says that a port is taken, and takes it when it is free", async () => {
    await bench.plugIn();
    const holder = listen("rdm6300");
    await until(() => expect(holder.states).toEqual(["present"]));
    const second = listen("rdm6300");
    await until(() => expect(second.states.at(-1)).toContain("is taken by another program"));
    await holder.reader.stop();
    await until(() => expect(second.states.at(-1)).toBe("present"));
  });

  test("follows a link that leads to another device now, though the old one fell silent without a word", async () => {
    await bench.plugIn();
    const { uids, states } = listen("rdm6300");
    await until(() => expect(states).toEqual(["present"]));
    // The first line stays alive: nothing is reported, only the path leads elsewhere.
    await bench.unlink();
    const second = await bench.plugIn();
    await until(() => expect(states.length).toBeGreaterThan(1));
    await until(() => expect(states.at(-1)).toBe("present"));
    second.device.write(ascii("\x023C00CE754CCB\x03"));
    await until(() => expect(uids).toEqual(["3c00ce754c"]));
  });

  test("stops at once while the port is still opening", async () => {
    await bench.plugIn();
    const { reader, states } = listen("rdm6300");
    await reader.stop();
    expect(states).toEqual([]);
    // The port is free again: another reader gets it.
    const next = listen("rdm6300");
    await until(() => expect(next.states).toEqual(["present"]));
  });
});

test("a file that is no serial port is told as that", async () => {
  await writeFile(bench.port, "");
  const { states } = listen("rdm6300");
  await until(() => expect(states).toEqual([`${bench.port} is not a serial port: check the path`]));
});
