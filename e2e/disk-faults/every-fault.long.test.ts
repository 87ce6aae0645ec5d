/**
 * Every fault on both programs, at moments that a seed chooses, with kills and damage in between: in the end everybody is
 * counted once, whoever was shown success without coming again. `POLLING_STATION_SEED` repeats a run.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRandom, randomOf, type Random } from "../crash/random.ts";
import { CAN_TRACE, NO_TRACE } from "../durability/tracing.ts";
import { stationDrained, stationOnline } from "../rig/station-health.ts";
import { until } from "../rig/within.ts";
import { newBadge } from "../venue/kiosk.ts";
import { openHall, type Hall } from "./shown.ts";
import { FAULTS, putFault, SLOW_SYNC, type Fault } from "./strace-fault.ts";

const ROUNDS = 3;
const BACK_MS = 60_000;
const PAGE_BYTES = 4_096;
const EVERY: Record<string, Fault> = { ...FAULTS, "a slow disk": SLOW_SYNC };

interface Crowd {
  /** New people tap, as many as are drawn. */
  tap(): Promise<void>;
  /** Whoever was not shown success comes again; then all are counted. */
  expectAll(): Promise<void>;
}

function crowdAt(hall: Hall, random: Random): Crowd {
  const refused: string[] = [];
  let people = hall.stored.length;
  return {
    async tap() {
      for (let left = random.whole(1, 4); left > 0; left--) {
        const badge = newBadge();
        people += 1;
        await hall.tap(badge);
        if (!hall.stored.includes(badge)) refused.push(badge);
      }
    },
    async expectAll() {
      for (const badge of refused.splice(0))
        await until(
          "a refused voter to be taken",
          async () => (await hall.tap(badge), hall.stored.includes(badge)),
          BACK_MS,
        );
      expect(hall.stored).toHaveLength(people);
      await stationOnline(hall.kiosk.station.url);
      await stationDrained(hall.kiosk.station.url, BACK_MS);
      await hall.organiser.tallyToBe(hall.poll.id, [0, people], BACK_MS);
    },
  };
}

/** Damage at rest to a file whose votes the server has. */
function damage(path: string, random: Random): string {
  const size = statSync(path).size;
  const kind = random.whole(1, 4);
  if (kind === 1) {
    truncateSync(path, random.whole(0, size - 1));
    return "cut";
  }
  if (kind === 2 && existsSync(`${path}-wal`)) {
    truncateSync(`${path}-wal`, random.whole(0, statSync(`${path}-wal`).size));
    return "write-ahead log cut";
  }
  if (kind === 3) {
    appendFileSync(`${path}-wal`, Buffer.alloc(random.whole(1, 9_000), "torn"));
    return "write-ahead log torn";
  }
  const file = openSync(path, "r+");
  const at = random.whole(0, Math.max(0, Math.floor(size / PAGE_BYTES) - 1)) * PAGE_BYTES;
  writeSync(file, Buffer.alloc(PAGE_BYTES, "coffee "), 0, PAGE_BYTES, at);
  closeSync(file);
  return `page at ${at} scribbled over`;
}

describe.skipIf(!CAN_TRACE)(`every fault${NO_TRACE}`, () => {
  test.each(["station", "server"] as const)("on the %s", async (who) => {
    const drawn = createRandom(`every fault on the ${who}`);
    for (let round = 0; round < ROUNDS; round++) {
      const random = randomOf(drawn.seed + round);
      const hall = await openHall();
      const program = who === "station" ? hall.kiosk : hall.server;
      const pid = () => (who === "station" ? hall.kiosk.station.pid : hall.server.pid);
      const crowd = crowdAt(hall, random);
      for (const [what, fault] of Object.entries(EVERY)) {
        await crowd.tap();
        const heal = await putFault(pid(), fault);
        await crowd.tap();
        const isKilled = random.whole(0, 2) === 0;
        if (isKilled) await program.kill9();
        await heal();
        console.log(`${who}, round ${round}: ${what}${isKilled ? ", killed" : ""}`);
        if (isKilled) await program.restart();
        await crowd.expectAll();
      }
      await hall.server.kill9();
      appendFileSync(join(hall.server.data, "ledger.sqlite-wal"), Buffer.alloc(random.whole(1, 9_000), "torn"));
      await hall.server.restart();
      await crowd.expectAll();
      for (let times = 0; times < 3; times++) {
        await (random.whole(0, 1) === 0 ? hall.kiosk.kill9() : hall.kiosk.stop());
        const what = damage(join(hall.kiosk.station.data, "log.sqlite"), random);
        console.log(`${who}, round ${round}: at rest, ${what}`);
        await hall.kiosk.restart();
        await crowd.tap();
        await crowd.expectAll();
        for (const name of readdirSync(hall.kiosk.station.data))
          if (name.startsWith("log.damaged-")) rmSync(join(hall.kiosk.station.data, name));
      }
      expect((await hall.organiser.tally(hall.poll.id)).counts[1]).toBe(hall.stored.length);
      await hall.kiosk.close();
      await hall.server.kill9();
    }
  });
});
