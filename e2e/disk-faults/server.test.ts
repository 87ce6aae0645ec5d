/** The server's disk fails while people vote: what it does not have it never says it has, and the stations keep it. */
import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CAN_TRACE, NO_TRACE } from "../durability/tracing.ts";
import { until } from "../rig/within.ts";
import { newBadge } from "../venue/kiosk.ts";
import { openHall, type Hall } from "./shown.ts";
import { FAULTS, putFault, SLOW_SYNC } from "./strace-fault.ts";

const REMEDIES = {
  "a full disk": /Free some space on that disk; the server carries on by itself/,
  "syncs that fail on and on": /Check the disk and its cables; the server carries on by itself/,
  "a disk that has become read-only": /Make that directory writable.*carries on by itself/,
} as const;
/** A thread is started anew, a link tried again. */
const BACK_MS = 20_000;

/**
 * An act that has to be stored, and changes nothing for those who vote: one that was answered with no may be there all the
 * same after a crash. @returns the problem's detail, or "" when it was done
 */
async function act(hall: Hall): Promise<string> {
  const voters = [{ voter: 1, tags: [newBadge()] }];
  const reply = await hall.organiser.request("POST", "/roll/chunks", { voters });
  const body: unknown = await reply.json();
  const detail = typeof body === "object" && body !== null && "detail" in body ? String(body.detail) : "";
  if (!reply.ok && reply.status !== 503) throw new Error(`an act was answered ${reply.status}: ${detail}`);
  return reply.ok ? "" : detail;
}

const healthCode = async (hall: Hall) => (await fetch(new URL("/healthz", hall.server.url))).status;

/** The server stores nothing, says so with the remedy, and acknowledges nothing; the station keeps what it is given. */
async function expectAlarm(hall: Hall, remedy: RegExp): Promise<void> {
  expect(await act(hall)).toMatch(remedy);
  expect(await healthCode(hall)).toBe(503);
  const before = hall.stored.length;
  await hall.tapUntilStored();
  expect(hall.stored.length).toBe(before + 1);
  await until("the station to hold a vote back", async () => (await hall.kiosk.station.health()).safeHere > 0);
}

async function expectWell(hall: Hall): Promise<void> {
  await until("the server to be well", async () => (await healthCode(hall)) === 200, BACK_MS);
}

test.skipIf(!CAN_TRACE)(
  `full, failing, read-only: nothing is acknowledged, acts are refused with the remedy, and all is counted afterwards${NO_TRACE}`,
  async () => {
    const hall = await openHall();
    for (const what of ["a full disk", "syncs that fail on and on", "a disk that has become read-only"] as const) {
      const heal = await putFault(hall.server.pid, FAULTS[what]);
      await expectAlarm(hall, REMEDIES[what]);
      await heal();
      await expectWell(hall);
      await hall.expectCounted();
    }
    expect(await act(hall)).toBe("");
  },
  60_000,
);

test.skipIf(!CAN_TRACE)(
  `killed right after a failed sync, it has what it acknowledged, and is sent the rest${NO_TRACE}`,
  async () => {
    const hall = await openHall();
    const slow = await putFault(hall.server.pid, SLOW_SYNC);
    await hall.tapUntilStored();
    await slow();
    const heal = await putFault(hall.server.pid, FAULTS["syncs that fail on and on"]);
    await expectAlarm(hall, REMEDIES["syncs that fail on and on"]);
    await hall.server.kill9();
    await heal();
    // A frame that was under way when the power went: what was synced before it stands.
    appendFileSync(join(hall.server.data, "ledger.sqlite-wal"), Buffer.alloc(3_000, "torn"));
    await hall.server.restart();
    await hall.expectCounted();
  },
  60_000,
);

test("removed or cut while it runs, the ledger is put back; one that was replaced waits for a person", async () => {
  const hall = await openHall();
  const ledger = join(hall.server.data, "ledger.sqlite");
  for (const name of [ledger, `${ledger}-wal`]) rmSync(name);
  expect(await act(hall)).toMatch(/was removed.*puts it back by itself/);
  await expectWell(hall);
  await hall.tapUntilStored();
  await hall.expectCounted();

  truncateSync(`${ledger}-wal`, 10_000);
  expect(await act(hall)).toMatch(/was cut/);
  await expectWell(hall);
  await hall.tapUntilStored();
  await hall.expectCounted();

  writeFileSync(`${ledger}.other`, "a backup, as somebody thought");
  renameSync(`${ledger}.other`, ledger);
  await expectAlarm(hall, /was replaced.*Move that file away, and the server puts its own back/);
  expect(await act(hall)).not.toBe("");
  rmSync(ledger);
  await expectWell(hall);
  await hall.expectCounted();
  await hall.server.restart();
  await hall.expectCounted();
}, 90_000);
