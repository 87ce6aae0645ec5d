/**
 * After a failed sync Linux takes the pages for clean: they are not on the disk, and the next sync says all is well. So what is
 * told as stored after one must have been written again after it; and no write-ahead log may go that was copied into a file
 * which could not be synced.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CAN_TRACE, NO_TRACE } from "../durability/tracing.ts";
import { openScratch } from "../rig/scratch.ts";
import { openHall } from "./shown.ts";
import { FAULTS, putFault, SYNCS } from "./strace-fault.ts";

interface Step {
  /** Where a write began; null: a sync. */
  at: number | null;
  isGood: boolean;
}

/** Writes and syncs of one file, in order. */
function stepsOn(path: string, trace: string): Step[] {
  return trace.split("\n").flatMap((line): Step[] => {
    if (!line.includes(`<${path}>`)) return [];
    const write = /pwrite64\(.*, (\d+)\) += (-?\d+)/.exec(line);
    if (write !== null) return [{ at: Number(write[1]), isGood: Number(write[2]) > 0 }];
    const sync = /f(?:data)?sync\(.*\) += (-?\d+)/.exec(line);
    return sync === null ? [] : [{ at: null, isGood: sync[1] === "0" }];
  });
}

const firstWrite = (steps: readonly Step[]) => Math.min(...steps.flatMap(({ at }) => at ?? []));

test.skipIf(!CAN_TRACE)(`a vote after a failed sync is written from where that one began${NO_TRACE}`, async () => {
  const hall = await openHall();
  const file = join(openScratch("trace"), "trace");
  const fault = FAULTS["a sync that fails once"];
  const putOnce = () => putFault(hall.kiosk.station.pid, fault, { trace: { file, calls: ["pwrite64"] } });
  let heal = await putOnce();
  let shown = await hall.tap();
  // The one sync that fails may have been of a time that the station noted by itself just then.
  for (let left = 3; shown === "stored" && left > 0; left--) {
    await heal();
    heal = await putOnce();
    shown = await hall.tap();
  }
  expect(shown).toBe("not-stored");
  await hall.tapUntilStored();
  await heal();
  const wal = `${realpathSync(hall.kiosk.station.data)}/log.sqlite-wal`;
  const steps = stepsOn(wal, readFileSync(file, "utf8"));
  const failed = steps.findIndex(({ at, isGood }) => at === null && !isGood);
  const good = steps.findIndex(({ at, isGood }, place) => place > failed && at === null && isGood);
  expect(failed).toBeGreaterThan(0);
  expect(good).toBeGreaterThan(failed);
  expect(firstWrite(steps.slice(failed, good))).toBe(firstWrite(steps.slice(0, failed)));
  await hall.expectCounted();
});

test.skipIf(!CAN_TRACE)(
  `a write-ahead log that cannot be copied for good stays, and nothing in it is lost${NO_TRACE}`,
  async () => {
    const hall = await openHall();
    const log = realpathSync(join(hall.kiosk.station.data, "log.sqlite"));
    const heal = await putFault(hall.kiosk.station.pid, { calls: SYNCS, as: "error=EIO" }, { paths: [log] });
    await hall.tapUntilStored();
    await hall.kiosk.stop();
    await heal();
    expect(existsSync(`${log}-wal`)).toBe(true);
    await hall.kiosk.restart();
    await hall.tapUntilStored();
    await hall.expectCounted();
  },
);
