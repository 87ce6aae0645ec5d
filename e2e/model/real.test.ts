/** A taste of real.long.test.ts in every run. */
import { expect, test } from "vitest";
import { createRandom } from "../crash/random.ts";
import { CAN_SNAPSHOT, NO_SNAPSHOT } from "../venue/copies.ts";
import { playRound } from "./round.ts";

const ROUNDS = 2;
const STEPS = 12;

test.skipIf(!CAN_SNAPSHOT)(
  `every success shown is accounted for, and a naive recount says the same, in ${ROUNDS} real events of chance${NO_SNAPSHOT}`,
  { timeout: 120_000 },
  async () => {
    const { seed } = createRandom("real events");
    for (let round = 0; round < ROUNDS; round += 1) expect(await playRound(seed + round, STEPS)).toBeGreaterThan(0);
  },
);
