import { describe, expect, test } from "vitest";
import type { Call } from "./strace.ts";
import { durableFrom } from "./wal.ts";

const WAL = "/data/log.sqlite-wal";
const VOTE = Buffer.from("vote");
const NEVER = Number.POSITIVE_INFINITY;

type Step = Partial<Call> & Pick<Call, "name">;
const header = (databaseSize: number): Step => {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32BE(databaseSize, 4);
  return { name: "pwrite64", bytes };
};
const page = (text: string): Step => ({ name: "pwrite64", bytes: Buffer.from(`page with ${text}`) });
const sync: Step = { name: "fdatasync", bytes: Buffer.alloc(0), result: 0 };

/** Calls one after the other, each at its place. */
const trace = (...steps: Step[]): Call[] =>
  steps.map((step, place) => {
    const bytes = step.bytes ?? Buffer.alloc(0);
    return { thread: 2, target: WAL, result: bytes.length, beganAt: place, returnedAt: place, ...step, bytes };
  });

describe("bytes in a write-ahead log are durable", () => {
  test("once a sync returned that began after their transaction's last page", () => {
    expect(durableFrom(trace(header(0), page("vote"), header(7), page("end"), sync), WAL, VOTE)).toBe(4);
  });

  test("not by a sync in the middle of their transaction", () => {
    expect(durableFrom(trace(header(0), page("vote"), sync, header(7), page("end")), WAL, VOTE)).toBe(NEVER);
  });

  test("not by a sync that began before them, however late it returned", () => {
    const early = { ...sync, returnedAt: 9 };
    expect(durableFrom(trace(early, header(7), page("vote")), WAL, VOTE)).toBe(NEVER);
  });

  test("not by a sync that failed, or that was another file's", () => {
    const failed = { ...sync, result: -1 };
    const other = { ...sync, target: "/data/other" };
    expect(durableFrom(trace(header(7), page("vote"), failed, other), WAL, VOTE)).toBe(NEVER);
  });

  test("not without a commit, and not when they were never written", () => {
    expect(durableFrom(trace(header(0), page("vote"), sync), WAL, VOTE)).toBe(NEVER);
    expect(durableFrom(trace(header(7), page("other"), sync), WAL, VOTE)).toBe(NEVER);
  });

  test("by the sync of the transaction that wrote them first, though later ones write the same page again", () => {
    const again = [header(7), page("vote and more"), sync];
    expect(durableFrom(trace(header(7), page("vote"), sync, ...again), WAL, VOTE)).toBe(2);
  });
});
