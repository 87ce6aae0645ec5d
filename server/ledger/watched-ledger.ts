/** A ledger that is watched: whether its last append was stored, and what came of each. */
import type { Appended, Ledger } from "./ledger.ts";

/** Is the ledger storing? `reason` names cause and remedy in one line, without secrets. */
export type LedgerHealth = { ok: true } | { ok: false; reason: string };

/** Often enough that nobody waits long after the remedy, rare enough for a disk in trouble. */
const PROBE_MS = 3_000;

export interface LedgerWatcher {
  setTimer: (run: () => void, delayMs: number) => () => void;
  monotonicMs: () => number;
  onAppended: (appended: Appended, seconds: number) => void;
  /** It stores no more, or again. */
  onHealth: (health: LedgerHealth) => void;
}

/** The same ledger, and a look at how it is. */
export function watchLedger(
  ledger: Ledger,
  { monotonicMs, setTimer, onAppended, onHealth }: LedgerWatcher,
): { ledger: Ledger; health: () => LedgerHealth } {
  let health: LedgerHealth = { ok: true };
  let cancelProbe = () => {};
  let closed = false;
  const become = (next: LedgerHealth) => {
    const changed = next.ok !== health.ok;
    health = next;
    cancelProbe();
    // Nobody may append for hours; that it stores again is found out all the same.
    if (!next.ok && !closed) cancelProbe = setTimer(() => void lookAgain(), PROBE_MS);
    if (changed) onHealth(next);
  };
  const lookAgain = async () => {
    const probed = await ledger.probe();
    if (!closed) become(probed);
  };
  return {
    health: () => health,
    ledger: {
      ...ledger,
      async append(change, options) {
        const fromMs = monotonicMs();
        const appended = await ledger.append(change, options);
        onAppended(appended, (monotonicMs() - fromMs) / 1000);
        if (appended.ok) become({ ok: true });
        else if (appended.why === "not-stored") become({ ok: false, reason: appended.reason });
        return appended;
      },
      async close() {
        closed = true;
        cancelProbe();
        await ledger.close();
      },
    },
  };
}
