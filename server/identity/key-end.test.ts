import { expect, test } from "vitest";
import { createKeyEnd } from "./key-end.ts";

/** A disk that lets go of the key at the n-th attempt, and a clock that rings when it is told to. */
function createBed(goodAttempt: number) {
  let attempts = 0;
  let ring: (() => void) | null = null;
  const lines: string[] = [];
  const keyEnd = createKeyEnd({
    secrets: {
      destroyEventKey() {
        attempts += 1;
        if (attempts < goodAttempt) throw new Error("read-only file system");
      },
    },
    setTimer(run) {
      ring = run;
      return () => (ring = null);
    },
    onKept: (error) => void lines.push(String(error)),
  });
  return {
    keyEnd,
    lines,
    attempts: () => attempts,
    ring() {
      const run = ring;
      ring = null;
      run?.();
    },
    isWaiting: () => ring !== null,
  };
}

test("the key is destroyed once, however often the ledger says so", () => {
  const bed = createBed(1);
  for (let commit = 0; commit < 3; commit++) bed.keyEnd.destroy();
  expect(bed.attempts()).toBe(1);
  expect([bed.lines, bed.isWaiting()]).toEqual([[], false]);
});

test("a disk that does not let go of it is complained of, and tried again until it does", () => {
  const bed = createBed(3);
  bed.keyEnd.destroy();
  bed.keyEnd.destroy();
  expect(bed.attempts()).toBe(1);
  bed.ring();
  expect(bed.keyEnd.isTrying()).toBe(true);
  bed.ring();
  expect([bed.attempts(), bed.keyEnd.isTrying()]).toEqual([3, false]);
  expect(bed.lines).toHaveLength(2);
  expect(bed.lines[0]).toContain("read-only file system");
  expect(bed.isWaiting()).toBe(false);
});

test("a server that stops does not wait for it", () => {
  const bed = createBed(9);
  bed.keyEnd.destroy();
  bed.keyEnd.close();
  expect(bed.isWaiting()).toBe(false);
});
