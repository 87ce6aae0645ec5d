import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MAX_ROLL_CHUNKS } from "../../shared/domain/roll.ts";
import { MAX_WAITING_BYTES } from "../push/turn-writer.ts";
import { admit, openLinkBed, servesOthers, type LinkBed } from "./link-bed.testing.ts";
import { greet } from "./test-station.testing.ts";

/** Told whenever the roll changes, and never left out. */
const ROLL = Array.from({ length: MAX_ROLL_CHUNKS }, (_, at) => at.toString(16).padStart(64, "0"));
/** What one such message has at least. */
const ROLL_BYTES = MAX_ROLL_CHUNKS * 32;
/** The system's own buffers on both sides take some megabytes before a socket is felt to be full. */
const MESSAGES_AT_MOST = (10 * MAX_WAITING_BYTES) / ROLL_BYTES;
const MESSAGES_A_TURN = 20;

let bed: LinkBed;
beforeAll(async () => {
  bed = await openLinkBed();
});
afterAll(() => bed.stop());

test("a station that takes nothing of what must arrive is given up; others are served, and it may come again", async () => {
  const station = await admit(bed);
  const link = await greet(bed.port, station);
  await link.next("poll");
  link.socket.pause();
  const isThere = () => bed.links.connected().length > 0;
  for (let told = 0; isThere() && told < MESSAGES_AT_MOST; told++) {
    bed.links.onCommit({
      cursor: 0,
      polls: [],
      stations: [],
      branches: [],
      roll: ROLL,
      keyDestroyed: null,
      lfBits: 32,
    });
    if (told % MESSAGES_A_TURN === 0) await turn();
  }
  await expect.poll(isThere, { timeout: 10_000 }).toBe(false);
  link.socket.terminate();
  expect(await servesOthers(bed)).toBe(true);
  const again = await greet(bed.port, station);
  await again.next("poll");
  again.socket.terminate();
});
