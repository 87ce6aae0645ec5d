/** Devices that have to be asked, on real terminals: the real driver through the real serialport, the device played. */
import { describe, expect, type TestContext, test, vi } from "vitest";
import { fromHex, toHex } from "../../../shared/bytes.ts";
import { inEnglish } from "../../../shared/sentences/sentence.ts";
import type { Reader } from "../driver.ts";
import { openReader } from "../drivers.ts";
import { parseReaderSpec } from "../spec.ts";
import { type DevicePeer, type PlayDevice, playPn532, playSm130 } from "./device-peers.testing.ts";
import { type Bench, HAS_SOCAT, openBench, type PtyLine, WAIT } from "./pty-line.testing.ts";

const FOUR = "d45a8d55";
const SEVEN = "04a1b2c3d4e580";

const until = (promise: () => void): Promise<void> => vi.waitFor(promise, WAIT);

function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${hex}`);
  return bytes;
}

/** One port, and the readers opened on it, cleared away after the test. */
async function openRig({ onTestFinished }: TestContext) {
  const bench = await openBench();
  const readers: Reader[] = [];
  onTestFinished(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await bench.clear();
  });
  return {
    bench,
    plugIn: (play: PlayDevice) => playOn(bench, play),
    open: (query: string) => openOn(bench, query, readers),
  };
}

/** A device of this kind plugged into the line. */
async function playOn(bench: Bench, play: PlayDevice): Promise<{ line: PtyLine; peer: DevicePeer }> {
  const line = await bench.plugIn();
  const peer = play(
    (bytes) => line.device.write(bytes),
    (ms, run) => void (ms === 0 ? run() : setTimeout(run, ms)),
  );
  line.device.onBytes((bytes) => peer.hear(bytes));
  return { line, peer };
}

function openOn(bench: Bench, query: string, readers: Reader[]) {
  /** Sightings without their repeats: `+` when a tag came, `-` when it left. */
  const seen: string[] = [];
  const states: string[] = [];
  const parsed = parseReaderSpec(`serial:${bench.port}?${query}`);
  if (!parsed.ok) throw new Error(parsed.why);
  const reader = openReader(parsed.spec, {
    onSighting({ kind, tag }) {
      const word = `${kind === "present" ? "+" : "-"}${tag.form === "bytes" ? toHex(tag.bytes) : tag.digits}`;
      if (seen.at(-1) !== word) seen.push(word);
    },
    onBadFrame: () => {},
    onState: (state) => states.push(state.kind === "present" ? "present" : inEnglish(state.reason)),
  });
  readers.push(reader);
  return { reader, seen, states };
}

describe.skipIf(!HAS_SOCAT)(`a device that has to be asked${HAS_SOCAT ? "" : " (not run: socat is missing)"}`, () => {
  describe.each([
    ["sm130", playSm130, "SM130"],
    ["pn532", playPn532, "PN532"],
  ] as const)("%s", (protocol, play, title) => {
    test.concurrent("tells tags of 4 and of 7 bytes as they come, and when they left", async (context) => {
      const { plugIn, open } = await openRig(context);
      const { peer } = await plugIn(play);
      const { seen, states } = open(`protocol=${protocol}`);
      await until(() => expect(states).toEqual(["present"]));
      peer.put(bytesOf(FOUR));
      await until(() => expect(seen).toEqual([`+${FOUR}`]));
      peer.take();
      await until(() => expect(seen).toEqual([`+${FOUR}`, `-${FOUR}`]));
      peer.put(bytesOf(SEVEN));
      await until(() => expect(seen.slice(2)).toEqual([`+${SEVEN}`]));
      peer.put(bytesOf(FOUR));
      await until(() => expect(seen.slice(3)).toEqual([`-${SEVEN}`, `+${FOUR}`]));
      expect(states).toEqual(["present"]);
    });

    test.concurrent(
      "is understood though it answers late, byte by byte, with noise between that looks like its frames",
      async (context) => {
        const { plugIn, open } = await openRig(context);
        const { peer } = await plugIn(play);
        peer.manners.split = true;
        peer.manners.delayMs = 20;
        peer.manners.garbage = Uint8Array.of(0x00, 0x00, 0xff, 0x14, 0xec, 0xff, 0x00, 0x09, 0x82);
        const { seen, states } = open(`protocol=${protocol}`);
        await until(() => expect(states).toEqual(["present"]));
        peer.put(bytesOf(SEVEN));
        await until(() => expect(seen).toEqual([`+${SEVEN}`]));
        peer.take();
        await until(() => expect(seen.at(-1)).toBe(`-${SEVEN}`));
        expect(states).toEqual(["present"]);
      },
    );

    test.concurrent(
      "that falls silent is told as lost with what to check, its tag as gone, and comes back by itself",
      async (context) => {
        const { plugIn, open } = await openRig(context);
        const { peer } = await plugIn(play);
        const { seen, states } = open(`protocol=${protocol}`);
        await until(() => expect(states).toEqual(["present"]));
        peer.put(bytesOf(FOUR));
        await until(() => expect(seen).toHaveLength(1));
        peer.manners.mute = true;
        await until(() => expect(states).toHaveLength(2));
        expect(states[1]).toContain(`no ${title} answers: check its power, its wires`);
        expect(seen).toEqual([`+${FOUR}`, `-${FOUR}`]);
        peer.manners.mute = false;
        await until(() => expect(states).toHaveLength(3));
        await until(() => expect(seen.at(-1)).toBe(`+${FOUR}`));
      },
    );

    test.concurrent("that is unplugged and comes back is asked anew", async (context) => {
      const { plugIn, open } = await openRig(context);
      const first = await plugIn(play);
      const { seen, states } = open(`protocol=${protocol}`);
      await until(() => expect(states).toEqual(["present"]));
      await first.line.unplug();
      await until(() => expect(states.at(-1)).toMatch(/unplugged|not there/));
      const { peer } = await plugIn(play);
      await until(() => expect(states.at(-1)).toBe("present"));
      peer.put(bytesOf(FOUR));
      await until(() => expect(seen.at(-1)).toBe(`+${FOUR}`));
    });
  });

  test.concurrent("a line on which nothing answers is never told as present", async (context) => {
    const { bench, open } = await openRig(context);
    await bench.plugIn();
    const { states } = open("protocol=pn532");
    await until(() => expect(states).toHaveLength(1));
    expect(states[0]).toContain("is open, but no PN532 answers");
  });

  test.concurrent("an SM130 shows what became of a vote at its ports, and puts them out again", async (context) => {
    const { plugIn, open } = await openRig(context);
    const { peer } = await plugIn(playSm130);
    const { reader, seen, states } = open("protocol=sm130");
    await until(() => expect(states).toEqual(["present"]));
    reader.signal?.("good");
    await until(() => expect(peer.ports).toEqual([1, 0]));
    reader.signal?.("bad");
    await until(() => expect(peer.ports).toEqual([1, 0, 2, 0]));
    peer.put(bytesOf(FOUR));
    await until(() => expect(seen).toEqual([`+${FOUR}`]));
    expect(states).toEqual(["present"]);
  });

  test.concurrent(
    "an Arduino is sent a line back only where the operator said that it takes one; others never hear a byte",
    async (context) => {
      const { bench, open } = await openRig(context);
      const heard: string[] = [];
      const line = await bench.plugIn();
      line.device.onBytes((bytes) => heard.push(Buffer.from(bytes).toString("latin1")));
      const plain = open("protocol=arduino");
      await until(() => expect(plain.states).toEqual(["present"]));
      expect(plain.reader.signal).toBeNull();
      await plain.reader.stop();
      const told = open("protocol=arduino&feedback=line");
      await until(() => expect(told.states.at(-1)).toBe("present"));
      told.reader.signal?.("good");
      told.reader.signal?.("bad");
      await until(() => expect(heard.join("")).toBe("OK\nNO\n"));
      await told.reader.stop();
      told.reader.signal?.("good");
    },
  );
});
