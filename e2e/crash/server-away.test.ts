/** The server is away for a whole round: the station takes every tap, says so, and delivers when the server is back. */
import { expect, onTestFinished, test } from "vitest";
import type { Poll } from "../../shared/api/polls.ts";
import { HAS_SOCAT } from "../rig/pty.ts";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import { stationDrained } from "../rig/station-health.ts";
import { until } from "../rig/within.ts";
import { readLedger, readStationLogs, votesOf, votesOfTaps } from "./disks.ts";
import { countsOf, openKiosk, openPoll, SLOTS, type Kiosk } from "./hall.ts";

const PER_READER = 40;
const TAPS = PER_READER * SLOTS;
const LIMIT_MS = 60_000;
/** Away for so long, the server is tried only every 8 s. */
const DRAIN_MS = 20_000;
const NOT_RUN = HAS_SOCAT ? "" : " (not run: socat is missing)";

test.skipIf(!HAS_SOCAT)(
  `taps while the server is away are safe here, and drained in order when it returns${NOT_RUN}`,
  { timeout: LIMIT_MS },
  async () => {
    const { server, kiosk, poll } = await openWithoutServer();
    await kiosk.voters.vote(PER_READER);

    expect(new Set(kiosk.voters.shown.map(({ kind }) => kind))).toEqual(new Set(["safe-here"]));
    expect((await kiosk.station.health()).safeHere).toBe(TAPS);
    await server.restart();
    await expectAllDrained(server, kiosk, poll);
  },
);

test.skipIf(!HAS_SOCAT)(
  `a station killed while the server is away drains both its logs when it returns, the older one first${NOT_RUN}`,
  { timeout: LIMIT_MS },
  async () => {
    const { server, kiosk, poll } = await openWithoutServer();
    const killed = kiosk.voters.shownTo(TAPS / 2).then(async () => {
      await kiosk.kill9();
      return kiosk.station.restart();
    });
    await Promise.all([kiosk.voters.vote(PER_READER), killed]);

    expect(new Set(kiosk.voters.shown.map(({ kind }) => kind))).toEqual(new Set(["safe-here"]));
    // More where a ballot was on disk before its success was shown, and the person tapped again.
    const { safeHere } = await kiosk.station.health();
    expect(safeHere).toBeGreaterThanOrEqual(TAPS);
    expect(safeHere).toBeLessThanOrEqual(TAPS + kiosk.voters.again());
    await server.restart();
    const batches = await expectAllDrained(server, kiosk, poll);
    const order = [...readStationLogs(kiosk.station.data).keys()];
    expect(batches.filter(({ log }, at) => log !== batches[at - 1]?.log).map(({ log }) => log)).toEqual(order);
    expect(order.length).toBe(2);
  },
);

async function openWithoutServer(): Promise<{ server: ServerProgram; kiosk: Kiosk; poll: Poll }> {
  const server = await startServerProgram();
  onTestFinished(async () => void (await server.kill9()));
  const kiosk = await openKiosk(server);
  onTestFinished(kiosk.close);
  const poll = await openPoll(server, [kiosk], "last");
  await server.kill9();
  await until("the station to notice", async () => (await kiosk.station.health()).link === "offline");
  return { server, kiosk, poll };
}

/** The tally is exact, and the ledger holds what the station's disk holds, in its order, each record once. */
async function expectAllDrained(server: ServerProgram, kiosk: Kiosk, poll: Poll) {
  await stationDrained(kiosk.station.url, DRAIN_MS);
  expect((await server.organiser.tally(poll.id)).counts).toEqual(countsOf(kiosk.voters.shown));
  expect(kiosk.voters.strays).toEqual([]);
  await Promise.all([server.kill9(), kiosk.kill9()]);
  const ledger = readLedger(server.data);
  expect(votesOf(ledger.records)).toEqual(votesOfTaps(server.data, poll.hash, kiosk.voters.shown));
  expect(ledger.logs).toEqual(readStationLogs(kiosk.station.data));
  return ledger.batches;
}
