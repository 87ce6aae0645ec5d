/** The station's disk fails while people vote, in each way a disk fails; nobody is shown success who is not counted. */
import { existsSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CAN_TRACE, NO_TRACE } from "../durability/tracing.ts";
import { until } from "../rig/within.ts";
import { expectAlarm, healthOf, openHall } from "./shown.ts";
import { spoil } from "./spoil.ts";
import { FAULTS, putFault, SLOW_SYNC } from "./strace-fault.ts";

/** The others, too, in `every-fault.long.test.ts`; a sync that fails once in `sync-again.test.ts`. */
const REMEDIES = {
  "a full disk": /disk is full\. Free some space.*by itself/,
  "syncs that fail on and on": /disk failed\. Check it.*by itself/,
  "a disk that has become read-only": /read-only\. Make .* writable; voting goes on by itself/,
} as const;

test.skipIf(!CAN_TRACE)(
  `full, failing, read-only: nobody is shown success, the screen says what to do, and voting goes on by itself${NO_TRACE}`,
  async () => {
    const hall = await openHall();
    for (const what of ["a full disk", "syncs that fail on and on", "a disk that has become read-only"] as const) {
      const heal = await putFault(hall.kiosk.station.pid, FAULTS[what]);
      await expectAlarm(hall, REMEDIES[what]);
      await heal();
      // Once nobody taps: it looks again by itself.
      if (what !== "a full disk") await hall.tapUntilStored();
      await hall.kiosk.screenToBe(`the disk is good after ${what}`, ({ disk }) => disk.state === "good");
      expect((await healthOf(hall)).code).toBe(200);
      expect(await hall.tap()).toBe("stored");
    }
    await hall.expectCounted();
  },
  60_000,
);

test.skipIf(!CAN_TRACE)(`a slow disk makes voters wait, and none of them in vain${NO_TRACE}`, async () => {
  const hall = await openHall();
  const heal = await putFault(hall.kiosk.station.pid, SLOW_SYNC);
  expect(await hall.tap()).toBe("stored");
  expect((await healthOf(hall)).code).toBe(200);
  await heal();
  await hall.expectCounted();
});

test.skipIf(!CAN_TRACE)(
  `killed right after a failed sync, it counts what it showed, and whoever taps again once${NO_TRACE}`,
  async () => {
    const hall = await openHall();
    const heal = await putFault(hall.kiosk.station.pid, FAULTS["syncs that fail on and on"]);
    const badge = "3c00ce754c";
    expect(await hall.tap(badge)).toBe("not-stored");
    // The fault is there to the end.
    await hall.kiosk.kill9();
    await heal();
    await hall.kiosk.restart();
    // What could not be synced may have come to the disk after all.
    await hall.tap(badge);
    await hall.tapUntilStored();
    await hall.expectCounted();
  },
  60_000,
);

test("removed, replaced or cut while it runs, the file is put back with all votes in it", async () => {
  const hall = await openHall();
  const log = join(hall.kiosk.station.data, "log.sqlite");
  const removals = {
    removed: () => [log, `${log}-wal`].forEach((name) => rmSync(name)),
    replaced() {
      writeFileSync(`${log}.other`, "another file");
      renameSync(`${log}.other`, log);
    },
    cut: () => truncateSync(`${log}-wal`, 10_000),
  };
  for (const [how, remove] of Object.entries(removals)) {
    remove();
    expect({ how, said: await hall.tap() }).toEqual({ how, said: "not-stored" });
    await hall.tapUntilStored();
    await hall.kiosk.screenToBe(`the disk is good after the file was ${how}`, ({ disk }) => disk.state === "good");
  }
  await hall.expectCounted();
  expect(existsSync(log)).toBe(true);
  // Only of another file something is kept, and said, until it is moved away.
  const { damage } = hall.kiosk.screen();
  expect(damage?.file).toMatch(/^log\.replaced-/);
  expect((await healthOf(hall)).body).toContain(damage?.file);
  const folder = hall.kiosk.station.data;
  for (const name of readdirSync(folder)) if (name.startsWith("log.replaced-")) rmSync(join(folder, name));
  await hall.kiosk.screenToBe("the notice is gone", (screen) => screen.damage === null);
  // What is stored now is what a restart finds.
  await hall.kiosk.kill9();
  await hall.kiosk.restart();
  await hall.tapUntilStored();
  await hall.expectCounted();
}, 60_000);

test("damaged between two runs, it starts all the same: what the server lacks is rescued, and the file kept", async () => {
  const hall = await openHall();
  await hall.server.stop();
  await until("the station to be offline", async () => (await hall.kiosk.station.health()).link === "offline");
  for (let people = 0; people < 5; people++) await hall.tapUntilStored();
  await hall.kiosk.stop();
  const log = join(hall.kiosk.station.data, "log.sqlite");
  spoil(log);
  await hall.kiosk.restart();
  await hall.kiosk.screenToBe("the notice", ({ damage }) => damage?.file.startsWith("log.damaged-") === true);
  await hall.server.restart();
  await hall.tapUntilStored(20_000);
  await hall.expectCounted();
  expect((await healthOf(hall)).body).toMatch(/"saved":\{"logs":\d+,"records":\d+,"lostAtLeast":0\}/);
}, 60_000);
