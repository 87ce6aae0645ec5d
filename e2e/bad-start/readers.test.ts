/** A reader that is not there, or is none: the station runs, its screen says what is wrong, and other readers work. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { ScreenReader } from "../../shared/events/stream.ts";
import { inEnglish } from "../../shared/sentences/sentence.ts";
import { HAS_SOCAT, openSerialLine, rdm6300Frame } from "../rig/pty.ts";
import { openScratch } from "../rig/scratch.ts";
import { listenToScreen } from "../rig/screen-events.ts";
import { startServerProgram } from "../rig/server-program.ts";
import { startStationProgram, type StationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";

const UID = Uint8Array.of(0x62, 0xe3, 0x08, 0x6c, 0xed);
const NO_SOCAT = HAS_SOCAT ? "" : " (not run: socat is missing)";
const IS_ROOT = process.getuid?.() === 0;

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const reader = (path: string, slot: number) => `serial:${path}?protocol=rdm6300&slot=${slot}`;

async function startStation(server: string, readers: readonly string[]): Promise<StationProgram> {
  const station = await startStationProgram({ server, readers });
  stops.push(() => station.stop());
  return station;
}

/** The readers as the screen was told of them last. */
function readersSeen(station: StationProgram): () => readonly ScreenReader[] {
  const ears = listenToScreen(station.url);
  stops.push(() => ears.close());
  return () => ears.heard.findLast((event) => "readers" in event)?.readers ?? [];
}

async function expectLost(path: string, about: RegExp): Promise<void> {
  // Nobody listens there: the server's absence must not matter either.
  const station = await startStation("http://127.0.0.1:9", [reader(path, 2)]);
  const seen = readersSeen(station);
  const lost = await until("the reader to be told lost", () => seen().find(({ state }) => state === "lost"));
  expect(lost).toMatchObject({ id: `serial:${path}`, slot: 2 });
  expect(lost.reason && inEnglish(lost.reason)).toMatch(about);
  expect(await station.health()).toMatchObject({ status: "degraded", readers: { present: 0, lost: 1 } });
}

test("a path that is missing is said to be missing", async () => {
  await expectLost(
    join(openScratch("reader"), "ttyUSB0"),
    /ttyUSB0 is not there: plug the reader in, or check the path/,
  );
});

test("a file that is no serial port is said to be none", async () => {
  const path = join(openScratch("reader"), "notes");
  writeFileSync(path, "notes");
  await expectLost(path, /notes is not a serial port: check the path/);
});

test("a folder is said to be no serial port", async () => {
  await expectLost(openScratch("reader"), /is not a serial port: check the path/);
});

test.skipIf(IS_ROOT)(`a port one may not open is said to be so${IS_ROOT ? " (not run: root may)" : ""}`, async () => {
  const path = join(openScratch("reader"), "ttyUSB0");
  writeFileSync(path, "");
  chmodSync(path, 0);
  await expectLost(path, /not permitted to open .*dialout/);
});

test.skipIf(!HAS_SOCAT)(`the reader beside a lost one works${NO_SOCAT}`, async () => {
  const server = await startServerProgram();
  stops.push(() => server.stop());
  const line = await openSerialLine();
  stops.push(() => line.unplug());
  const missing = join(openScratch("reader"), "ttyUSB1");
  const station = await startStation(server.url, [reader(missing, 1), reader(line.path, 2)]);
  const seen = readersSeen(station);
  await until(
    "one reader of two",
    () =>
      seen()
        .map(({ state }) => state)
        .join() === "lost,present",
  );
  await server.organiser.admit(station.url);
  const ears = listenToScreen(station.url);
  stops.push(() => ears.close());
  const { id } = await server.organiser.createPoll({ question: "Which?", options: ["a", "b"], counts: "first" });
  await server.organiser.open(id);
  await until("the poll", () => ears.heard.some((event) => "poll" in event && event.poll !== null));
  await line.write(rdm6300Frame(UID));
  await expect(server.organiser.tallyToBe(id, [0, 1])).resolves.toBeUndefined();
});
