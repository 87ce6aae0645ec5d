/** The end of the event key, as stations hear of it. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { FRAME } from "../../shared/link/frames.ts";
import { EVENT_KEY, admit, openLinkBed, type LinkBed } from "./link-bed.testing.ts";
import {
  batchFrame,
  createTestStation,
  framesOf,
  greet,
  logFrame,
  settle,
  type Greeted,
  type TestStation,
} from "./test-station.testing.ts";

let bed: LinkBed;
beforeEach(async () => {
  bed = await openLinkBed();
  await bed.ledger.append(bed.poll.closed);
});
afterEach(async () => {
  bed.hangUp();
  await bed.stop();
});

const destroy = () => bed.ledger.append({ kind: "key-destroyed" });
const toldToForget = async (link: Greeted) => framesOf(await settle(link), "forget").length;

/** The station says in its log that it destroyed the key. */
async function confirm(station: TestStation, link: Greeted): Promise<void> {
  const log = station.newLog(1);
  log.add({ kind: "forgot", ms: 5 });
  link.send(logFrame(log));
  await link.next("ack");
  link.send(batchFrame(log));
  await link.next("ack");
}

test("a station on the link is told once to forget the key, and again on each link until it said that it did", async () => {
  const station = await admit(bed);
  const link = await greet(bed.port, station);
  expect(link.welcome).toEqual([FRAME.welcome, true, EVENT_KEY, "Fair", bed.epoch]);
  expect(await toldToForget(link)).toBe(0);
  await destroy();
  expect(await toldToForget(link)).toBe(1);
  // Later commits do not say it again.
  await admit(bed);
  expect(await toldToForget(link)).toBe(0);

  const second = await greet(bed.port, station);
  expect(await toldToForget(second)).toBe(1);
  await confirm(station, second);
  const third = await greet(bed.port, station);
  expect(await toldToForget(third)).toBe(0);
});

test("who waits is not told; a station let in afterwards gets no key, and says that it has none", async () => {
  const station = createTestStation();
  const link = await greet(bed.port, station);
  await destroy();
  expect(await settle(link)).toEqual([]);
  await bed.ledger.append(station.admitted);
  expect(await link.next("welcome")).toEqual([FRAME.welcome, true, null, "Fair", bed.epoch]);
  expect(await toldToForget(link)).toBe(1);
  await confirm(station, link);
  expect(bed.known.station(station.id)?.forgot).not.toBeNull();
});

test("a welcome after the destruction has no key, while polls and tallies are told as before", async () => {
  const station = await admit(bed);
  await destroy();
  const link = await greet(bed.port, station);
  expect(link.welcome).toEqual([FRAME.welcome, true, null, "Fair", bed.epoch]);
  expect((await settle(link)).map(([type]) => type)).toEqual([FRAME.roll, FRAME.forget, FRAME.poll, FRAME.tally]);
});
