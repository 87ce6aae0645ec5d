/** From plugged in to voting on a real serial line: a device is heard, assigned by a tap, and there again after a restart. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ascii } from "../../shared/bytes.ts";
import type { Target } from "../../shared/domain/mapping.ts";
import { systemClock } from "../clock.ts";
import { createReadersDesk } from "./desk.ts";
import { openReader } from "./drivers.ts";
import type { FoundDevice, OpenFinder } from "./finder.ts";
import { openMapping, specOf } from "./open-mapping.ts";
import { listenOnPort } from "./serial/listen.ts";
import { realPath } from "./real-path.ts";
import { HAS_SOCAT, openBench, WAIT } from "./serial/pty-line.testing.ts";
import { systemSerialDeps } from "./serial/system-port.ts";
import { createStationReaders } from "./station-readers.ts";

/** Another tag each time, so that each is a tap: `3C00CE75` and a byte, with the checksum of RDM6300. */
const frames = Array.from({ length: 256 }, (_, last) => {
  const hex = (byte: number) => byte.toString(16).toUpperCase().padStart(2, "0");
  return ascii(`\x023C00CE75${hex(last)}${hex(0x3c ^ 0xce ^ 0x75 ^ last)}\x03`);
});
let held = 0;
const nextTag = () => frames[held++ % frames.length] ?? new Uint8Array();
const until = (look: () => void): Promise<void> => vi.waitFor(look, WAIT);

/** What a finder of serial devices tells; ptys are in no list of the system's. */
function finderOf(port: string): OpenFinder {
  return ({ onDevices }) => {
    const device: FoundDevice = {
      id: `serial:${port}`,
      kind: "serial",
      name: "pty",
      port,
      trouble: null,
      spec: null,
    };
    onDevices([device]);
    return {
      kind: "serial",
      listen: (_, mayAsk, onHeard) => listenOnPort(port, mayAsk, onHeard, systemSerialDeps),
      stop: () => Promise.resolve(),
    };
  };
}

/** The readers' part of a station on its data directory. */
function openStation(directory: string, port: string) {
  const notes: [string, object | undefined][] = [];
  const taps: (Target | null)[] = [];
  const mapping = openMapping({
    directory,
    asked: [],
    wallMs: systemClock.wallMs,
    note: (event, ...[fields]) => void notes.push([event, fields]),
  });
  const around = { ...systemClock, lfBits: () => 32 as const };
  const readers = createStationReaders({
    ...around,
    mapping,
    specOf: specOf([]),
    openReader(spec, events) {
      if (spec.kind === "virtual") throw new Error("nobody asked for a virtual reader");
      return openReader(spec, events);
    },
    isVoting: () => false,
    secret: 1,
    note: (event, ...[fields]) => void notes.push([event, fields]),
    onTap: (_, { target }) => taps.push(target),
    onClaimed: () => {},
    onMisread: () => {},
    onReaders: () => {},
  });
  const desk = createReadersDesk({
    ...around,
    readers,
    mapping,
    finders: { serial: finderOf(port) },
    takeAll: new Set(),
    realPath,
  });
  readers.start();
  const stop = async () => {
    await desk.stop();
    await readers.stop();
  };
  return { desk, readers, taps, notes, stop };
}

describe.skipIf(!HAS_SOCAT)(`a device plugged in${HAS_SOCAT ? "" : " (not run: socat is missing)"}`, () => {
  test("is heard, assigned by a tap, votes at once, and is there after a restart without a flag", async () => {
    const directory = mkdtempSync(join(tmpdir(), "adoption-"));
    const bench = await openBench();
    onTestFinished(async () => {
      await bench.clear();
      rmSync(directory, { recursive: true });
    });
    const { device } = await bench.plugIn();
    const slot: Target = { kind: "slot", slot: 2 };

    const first = openStation(directory, bench.port);
    const close = first.desk.onChange(() => {});
    await first.desk.act({ kind: "listen", ask: false, target: slot });
    await until(() => {
      // Somebody holds tags there until the panel shows it.
      device.write(nextTag());
      expect(first.readers.report()).toMatchObject([{ id: `serial:${bench.port}`, state: "present" }]);
    });
    await first.desk.act({ kind: "stop-listening" });
    close();
    await until(() => {
      device.write(nextTag());
      expect(first.taps).toContainEqual(slot);
    });
    expect(first.notes).toContainEqual(["reader.adopted", { reader: 1, of: "serial" }]);
    await first.stop();

    const second = openStation(directory, bench.port);
    await until(() => expect(second.readers.count()).toEqual({ present: 1, lost: 0 }));
    device.write(nextTag());
    await until(() => expect(second.taps).toEqual([slot]));
    await second.stop();
  });
});
