import { afterEach, expect, test } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testId } from "../../shared/domain/testing.ts";
import type { Ledger } from "./ledger.ts";
import { openSqliteLedger } from "./sqlite/sqlite-ledger.ts";
import { watchLedger, type LedgerHealth } from "./watched-ledger.ts";

const directory = mkdtempSync(join(tmpdir(), "watched-ledger-"));
const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
  rmSync(directory, { recursive: true, force: true });
});

test("a disk that takes nothing is looked at again and again, and that it does again is found out though nobody appends", async () => {
  const opened = await openSqliteLedger(directory, { clock: Date.now });
  if (!opened.ok) throw new Error(opened.reason);
  let isFull = true;
  const reason = "disk full. Free some space.";
  const failing: Ledger = {
    ...opened.ledger,
    append: () => Promise.resolve({ ok: false, why: "not-stored", reason }),
    probe: () => (isFull ? Promise.resolve({ ok: false, reason }) : opened.ledger.probe()),
  };
  const told: LedgerHealth[] = [];
  let runs = 0;
  const { ledger, health } = watchLedger(failing, {
    monotonicMs: () => 0,
    setTimer(run) {
      runs += 1;
      // At once, but not in this turn.
      const timer = setImmediate(run);
      return () => clearImmediate(timer);
    },
    onAppended: () => {},
    onHealth: (next) => void told.push(next),
  });
  closings.push(() => ledger.close());
  await ledger.append({ kind: "event-created", event: testId(1) });
  expect(health()).toEqual({ ok: false, reason });
  await expect.poll(() => runs).toBeGreaterThan(3);
  isFull = false;
  await expect.poll(health).toEqual({ ok: true });
  expect(told).toEqual([{ ok: false, reason }, { ok: true }]);
});
