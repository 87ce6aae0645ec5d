/** The server acknowledges what it has on disk, not what it has received: proved by its system calls. */
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { decodeBatch } from "../../shared/domain/batch.ts";
import { decodeChange } from "../../shared/domain/entry-codec.ts";
import type { Change } from "../../shared/domain/entry.ts";
import { decodeHeader } from "../../shared/domain/record.ts";
import { startServerProgram } from "../rig/server-program.ts";
import { stationDrained } from "../rig/station-health.ts";
import { startStationProgram } from "../rig/station-program.ts";
import { acksIn, type SentAck } from "./acks.ts";
import { outflows } from "./outflow.ts";
import { POLL, gatherCrowd } from "./taps.ts";
import { CAN_TRACE, NO_TRACE, openTracing } from "./tracing.ts";
import { durableFrom } from "./wal.ts";

/** With four readers, 32 taps. */
const BURSTS = 8;
const TAPS = BURSTS * POLL.options.length;
/** Of a longer entry SQLite keeps the rest in other pages; this much is always in one, and tells entries apart. */
const IN_ONE_PAGE_BYTES = 256;

interface LogEntry {
  log: string;
  /** Number of its last record; 0 for the log's opening. */
  last: number;
  bytes: Uint8Array;
}

/** What the ledger holds of logs, in order. */
function logEntries(data: string): LogEntry[] {
  const ledger = new DatabaseSync(join(data, "ledger.sqlite"), { readOnly: true });
  const rows = ledger.prepare("SELECT kind, body FROM entries ORDER BY position").all();
  ledger.close();
  return rows.flatMap(({ kind, body }) => {
    if (typeof kind !== "number" || !(body instanceof Uint8Array)) return [];
    const place = placeOf(decodeChange(kind, body));
    return place === undefined ? [] : [{ ...place, bytes: body.subarray(0, IN_ONE_PAGE_BYTES) }];
  });
}

function placeOf(change: Change | undefined): Pick<LogEntry, "log" | "last"> | undefined {
  if (change?.kind === "log-opened") {
    const header = decodeHeader(change.header);
    return header && { log: toHex(header.log), last: 0 };
  }
  const batch = change?.kind === "batch" ? decodeBatch(change.batch) : undefined;
  return batch && { log: toHex(batch.log), last: batch.first + batch.records.length - 1 };
}

/** 32 taps on their way to a traced server: each ack, with the place from which on all it speaks of was durable. */
async function traceAcks(planted: boolean): Promise<(SentAck & { durableFrom: number })[]> {
  const tracing = openTracing(planted);
  const server = await startServerProgram(tracing.options);
  const station = await startStationProgram({ server: server.url, demo: true });
  const crowd = gatherCrowd(station);
  try {
    await server.organiser.admit(station.url);
    const { id } = await server.organiser.createPoll(POLL);
    await server.organiser.open(id);
    await crowd.pollShown();
    await crowd.vote(BURSTS);
    await stationDrained(station.url);
  } finally {
    crowd.leave();
    await station.stop();
    await server.stop();
  }
  const calls = tracing.calls();
  const wal = join(realpathSync(server.data), "ledger.sqlite-wal");
  const entries = logEntries(server.data).map((entry) => ({
    ...entry,
    durableFrom: durableFrom(calls, wal, entry.bytes),
  }));
  return outflows(calls)
    .flatMap(acksIn)
    .map((ack) => {
      const spokenOf = entries.filter(({ log, last }) => log === ack.log && last <= ack.upTo);
      expect(spokenOf.at(-1)?.last, "an ack names the end of an entry").toBe(ack.upTo);
      return { ...ack, durableFrom: Math.max(...spokenOf.map((entry) => entry.durableFrom)) };
    });
}

test.skipIf(!CAN_TRACE)(
  `no ack leaves for a station before what it speaks of is synced to disk${NO_TRACE}`,
  async () => {
    const acks = await traceAcks(false);
    expect(acks.at(0)?.upTo).toBe(0);
    expect(acks.at(-1)?.upTo).toBeGreaterThanOrEqual(TAPS);
    expect(acks.filter((ack) => ack.durableFrom > ack.leftAt)).toEqual([]);
  },
);

test.skipIf(!CAN_TRACE)(`the same check catches a server that does not sync${NO_TRACE}`, async () => {
  const acks = await traceAcks(true);
  expect(acks.at(-1)?.upTo).toBeGreaterThanOrEqual(TAPS);
  expect(acks.filter((ack) => ack.durableFrom <= ack.leftAt)).toEqual([]);
});
