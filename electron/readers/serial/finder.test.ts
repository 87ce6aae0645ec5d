import { expect, test, vi } from "vitest";
import { ascii, toHex } from "../../../shared/bytes.ts";
import { say, type Sentence } from "../../../shared/sentences/sentence.ts";
import type { FoundDevice, Heard } from "../finder.ts";
import { openReader } from "../drivers.ts";
import { parseReaderSpec } from "../spec.ts";
import { playSm130 } from "./device-peers.testing.ts";
import { createSerialFinder, type ListedPort, type PortList } from "./finder.ts";
import { HAS_SOCAT, openBench, WAIT } from "./pty-line.testing.ts";
import { systemSerialDeps } from "./system-port.ts";

const PORT: ListedPort = { path: "/dev/ttyUSB0", name: "FTDI", port: "USB 1-2", trouble: null };

/** A finder whose ports and clock are in the test's hands. */
function rig() {
  const lists: FoundDevice[][] = [];
  const troubles: (Sentence | null)[] = [];
  const delays: number[] = [];
  let list: PortList = { ok: true, ports: [] };
  let due = (): void => {};
  const finder = createSerialFinder(() => ({
    listPorts: () => Promise.resolve(list),
    serial: {
      ...systemSerialDeps,
      after(delayMs, run) {
        delays.push(delayMs);
        due = run;
        return () => void (due = () => {});
      },
    },
  }))({ onDevices: (devices) => lists.push([...devices]), onTrouble: (trouble) => troubles.push(trouble) });
  return {
    finder,
    lists,
    troubles,
    delays,
    async find(next: ListedPort[] | Sentence) {
      list = Array.isArray(next) ? { ok: true, ports: next } : { ok: false, reason: next };
      due();
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
  };
}

test("ports are told as they come and go, and only then", async () => {
  const { finder, lists, find } = rig();
  const trouble = say("port-taken", { port: PORT.path });
  for (const ports of [[], [], [PORT], [PORT], [{ ...PORT, trouble }], []]) await find(ports);
  const known = { id: "serial:/dev/ttyUSB0", kind: "serial", name: "FTDI", port: "USB 1-2", spec: null };
  expect(lists).toEqual([[], [{ ...known, trouble: null }], [{ ...known, trouble }], []]);
  await finder.stop();
  await find([PORT]);
  expect(lists).toHaveLength(4);
});

test("where ports cannot be listed that is told once, looked for more and more seldom, and taken back", async () => {
  const { find, troubles, delays, lists } = rig();
  await find([PORT]);
  // Said anew at each look.
  const unseen = () => say("ports-unseen", { folder: "/sys", flag: "--reader" });
  for (let turn = 0; turn < 8; turn++) await find(unseen());
  expect([troubles, lists.at(-1)]).toEqual([[unseen()], []]);
  expect(Math.max(...delays)).toBe(30_000);
  await find([PORT]);
  expect(troubles).toEqual([unseen(), null]);
  expect(delays.at(-1)).toBe(1_000);
});

/** The real ports, and a clock that goes five times as fast. */
const FAST = { ...systemSerialDeps, after: (ms: number, run: () => void) => systemSerialDeps.after(ms / 5, run) };

/** A finder that knows of one pty, on the real machine. */
function listenOn(path: string, mayAsk: boolean) {
  const heard: Heard[] = [];
  const port = { path, name: "a pty", port: null, trouble: null };
  const finder = createSerialFinder(() => ({
    listPorts: () => Promise.resolve({ ok: true, ports: [port] }),
    serial: FAST,
  }))({
    onDevices: () => {},
    onTrouble: () => {},
  });
  const device = {
    id: `serial:${path}`,
    kind: "serial",
    name: "a pty",
    port: null,
    trouble: null,
    spec: null,
  } as const;
  const end = finder.listen(device, mayAsk, (what) => heard.push(what));
  return { finder, heard, end };
}

test.skipIf(!HAS_SOCAT)(
  `listening finds out what is on a real line, and its answer opens it${HAS_SOCAT ? "" : " (not run: socat is missing)"}`,
  async ({ onTestFinished }) => {
    const bench = await openBench();
    onTestFinished(bench.clear);
    const line = await bench.plugIn();
    const { heard, finder } = listenOn(bench.port, false);
    await vi.waitFor(() => {
      line.device.write(ascii("\x023C00CE754CCB\x03"));
      expect(heard.at(-1)?.kind).toBe("heard");
    }, WAIT);
    const last = heard.at(-1);
    expect(heard[0]).toEqual({ kind: "listening" });
    expect(last).toMatchObject({ title: "RDM6300", tag: { technology: "lf" } });
    const parsed = parseReaderSpec(last?.kind === "heard" ? last.spec : "");
    if (!parsed.ok) throw new Error(parsed.why);
    expect(parsed.spec.id).toBe(`serial:${bench.port}`);
    const seen: string[] = [];
    const reader = openReader(parsed.spec, {
      onSighting: ({ tag }) => seen.push(tag.form === "bytes" ? toHex(tag.bytes) : tag.digits),
      onBadFrame: () => {},
      onState: (state) => seen.push(state.kind),
    });
    await vi.waitFor(() => expect(seen).toContain("present"), WAIT);
    line.device.write(ascii("\x023C00CE754CCB\x03"));
    await vi.waitFor(() => expect(seen.at(-1)).toBe("3c00ce754c"), WAIT);
    // More than once where a frame of before was still on the line.
    expect([...new Set(seen)]).toEqual(["present", "3c00ce754c"]);
    await reader.stop();
    await finder.stop();
  },
);

test.skipIf(!HAS_SOCAT)(
  `an SM130 that was asked says who it is; one that goes while it is listened to ends that in words${HAS_SOCAT ? "" : " (not run: socat is missing)"}`,
  async ({ onTestFinished }) => {
    const bench = await openBench();
    onTestFinished(bench.clear);
    const line = await bench.plugIn();
    const peer = playSm130(
      (bytes) => line.device.write(bytes),
      (_, run) => run(),
    );
    line.device.onBytes((bytes) => peer.hear(bytes));
    const { heard, end, finder } = listenOn(bench.port, true);
    await vi.waitFor(() => expect(heard.at(-1)?.kind).toBe("heard"), WAIT);
    expect(heard.at(-1)).toMatchObject({ title: "SM130", tag: null, spec: `serial:${bench.port}?protocol=sm130` });
    await end();
    const second = listenOn(bench.port, false);
    await vi.waitFor(() => expect(second.heard).toEqual([{ kind: "listening" }]), WAIT);
    await line.unplug();
    await vi.waitFor(() => expect(second.heard.at(-1)?.kind).toBe("trouble"), WAIT);
    expect(JSON.stringify(second.heard.at(-1))).toMatch(/"code":"port-(unplugged|missing)"/);
    await Promise.all([finder.stop(), second.finder.stop()]);
  },
);
