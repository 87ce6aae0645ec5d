/**
 * Real programs and real disks, and everything that may go wrong with them by chance: kill -9, disks put back and copied,
 * cables pulled, a server put back to a backup, while people tap and the organiser acts.
 */
import { expect, test } from "vitest";
import { createRandom } from "../crash/random.ts";
import { CAN_SNAPSHOT, NO_SNAPSHOT } from "../venue/copies.ts";
import { playRound } from "./round.ts";

const ROUNDS = 20;
const STEPS = 40;
const ROUND_MS = 120_000;

test.skipIf(!CAN_SNAPSHOT)(
  `every success shown is accounted for, and a naive recount says the same, in ${ROUNDS} long real events${NO_SNAPSHOT}`,
  { timeout: ROUNDS * ROUND_MS },
  async () => {
    const { seed } = createRandom("real events");
    for (let round = 0; round < ROUNDS; round += 1) expect(await playRound(seed + round, STEPS)).toBeGreaterThan(0);
  },
);
