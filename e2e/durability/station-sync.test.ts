/** The station shows success when the ballot is on its disk, not before: proved by its system calls. */
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { decodeRecord } from "../../shared/domain/record.ts";
import { startServerProgram } from "../rig/server-program.ts";
import { startStationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";
import { outflows } from "./outflow.ts";
import type { Call } from "./strace.ts";
import { POLL, gatherCrowd } from "./taps.ts";
import { CAN_TRACE, NO_TRACE, openTracing } from "./tracing.ts";
import { durableFrom } from "./wal.ts";

/** With four readers, 32 taps: the first half with the server there, the second without. */
const BURSTS = 8;
const TAPS = BURSTS * POLL.options.length;

interface Success {
  option: number;
  kind: string;
  leftAt: number;
}

/** Every success as the screen was told it, in order. */
function successes(calls: readonly Call[]): Success[] {
  const told = /"outcome":\{"id":"\d+","kind":"(stored|safe-here)","option":(\d+),/g;
  return outflows(calls).flatMap(({ bytes, leftAt }) =>
    [...bytes.toString("latin1").matchAll(told)].map((match) => ({
      kind: match[1] ?? "",
      option: Number(match[2]),
      leftAt: leftAt(match.index),
    })),
  );
}

/** The ballots' bytes in the order they were stored. */
function storedBallots(data: string): { bytes: Uint8Array; option: number }[] {
  const log = new DatabaseSync(join(data, "log.sqlite"), { readOnly: true });
  const rows = log.prepare("SELECT record FROM records ORDER BY log_no, number").all();
  log.close();
  return rows.flatMap(({ record }) => {
    const parsed = record instanceof Uint8Array ? decodeRecord(record) : undefined;
    return parsed?.kind === "ballot" && record instanceof Uint8Array ? [{ bytes: record, option: parsed.option }] : [];
  });
}

/** 32 taps at a traced station: each success, with the place from which on its ballot was durable. */
async function traceTaps(planted: boolean) {
  const tracing = openTracing(planted);
  const server = await startServerProgram();
  const station = await startStationProgram({ server: server.url, demo: true, ...tracing.options });
  const crowd = gatherCrowd(station);
  try {
    await server.organiser.admit(station.url);
    const { id } = await server.organiser.createPoll(POLL);
    await server.organiser.open(id);
    await crowd.pollShown();
    await crowd.vote(BURSTS / 2);
    await server.stop();
    await until("the station to be offline", async () => (await station.health()).link === "offline");
    await crowd.vote(BURSTS / 2);
  } finally {
    crowd.leave();
    await Promise.all([station.stop(), server.stop()]);
  }
  const calls = tracing.calls();
  const wal = join(realpathSync(station.data), "log.sqlite-wal");
  const ballots = storedBallots(station.data);
  const shown = successes(calls);
  // Successes leave in the order of the log, so the n-th belongs to the n-th ballot; their options say the same.
  expect(shown.map(({ option }) => option)).toEqual(ballots.map(({ option }) => option));
  return shown.map((success, index) => ({
    ...success,
    durableFrom: durableFrom(calls, wal, ballots[index]?.bytes ?? new Uint8Array()),
  }));
}

test.skipIf(!CAN_TRACE)(`no success leaves for the screen before its ballot is synced to disk${NO_TRACE}`, async () => {
  const shown = await traceTaps(false);
  expect(new Set(shown.map(({ kind }) => kind))).toEqual(new Set(["stored", "safe-here"]));
  expect(shown).toHaveLength(TAPS);
  expect(shown.filter((success) => success.durableFrom > success.leftAt)).toEqual([]);
});

test.skipIf(!CAN_TRACE)(`the same check catches a station that does not sync${NO_TRACE}`, async () => {
  const shown = await traceTaps(true);
  expect(shown).toHaveLength(TAPS);
  expect(shown.filter((success) => success.durableFrom > success.leftAt)).toHaveLength(TAPS);
});
