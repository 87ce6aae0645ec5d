import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseBallots } from "../../../shared/domain/ballot-order.ts";
import type { BallotRow } from "../../../shared/domain/projection.ts";
import { createChosenBallots } from "./chosen-ballots.ts";

const POLL = "07".repeat(8);
const voterOf = (number: number) => new Uint8Array(16).fill(number);

function ballot(fields: Partial<BallotRow> & Pick<BallotRow, "number">): BallotRow {
  const voter = voterOf(1);
  const rest = { poll: POLL, voter, tagKey: voter, weight: 1, option: 1, late: false, synced: true, atMs: 0 };
  return { ...rest, eligible: true, log: "11".repeat(16), ...fields };
}

test("a voter's ballots are read once, however many follow", () => {
  const chosen = createChosenBallots();
  const rule = { counts: "last", upTo: 3 } as const;
  let reads = 0;
  const all: BallotRow[] = [];
  const read = () => {
    reads += 1;
    return [...all];
  };
  for (let number = 1; number <= 2_000; number++) {
    expect(chosen.of(POLL, voterOf(1), rule, read)).toHaveLength(Math.min(all.length, 3));
    const row = ballot({ number, atMs: number, option: (number % 5) + 1 });
    all.push(row);
    chosen.add(row);
  }
  expect(reads).toBe(1);
  expect(chosen.of(POLL, voterOf(1), rule, read).map(({ number }) => number)).toEqual([2_000, 1_999, 1_998]);
});

test("whatever comes and goes, of whomever, those that count are the ones chosen from all", () => {
  const step = fc.record({
    voter: fc.nat({ max: 1 }),
    option: fc.integer({ min: 1, max: 4 }),
    synced: fc.boolean(),
    eligible: fc.boolean(),
    atMs: fc.nat({ max: 5 }),
    remove: fc.boolean(),
    forget: fc.boolean(),
  });
  const rules = fc.record({ counts: fc.constantFrom("first", "last"), upTo: fc.integer({ min: 2, max: 4 }) });
  fc.assert(
    fc.property(rules, fc.array(step, { maxLength: 40 }), (rule, steps) => {
      const chosen = createChosenBallots();
      const all: BallotRow[] = [];
      for (const [at, { voter, remove, forget, ...fields }] of steps.entries()) {
        const gone = remove ? all.shift() : undefined;
        if (gone !== undefined) chosen.remove(gone);
        if (forget) chosen.forget();
        const row = ballot({ ...fields, voter: voterOf(voter), number: at + 1 });
        chosen.add(row);
        all.push(row);
        const own = all.filter((one) => one.eligible && one.voter[0] === voter);
        expect(chosen.of(POLL, voterOf(voter), rule, () => own)).toEqual(chooseBallots(rule, own));
      }
    }),
  );
});
