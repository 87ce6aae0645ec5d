/** A ledger that remembers whether its last append was stored, for the health page. */
import type { LedgerHealth } from "../api/parts.ts";
import type { Ledger } from "./ledger.ts";

/** The same ledger, and a look at how it is. */
export function watchLedger(ledger: Ledger): { ledger: Ledger; health: () => LedgerHealth } {
  let health: LedgerHealth = { ok: true };
  return {
    health: () => health,
    ledger: {
      ...ledger,
      async append(change, options) {
        const appended = await ledger.append(change, options);
        if (appended.ok) health = { ok: true };
        else if (appended.why === "not-stored") health = { ok: false, reason: appended.reason };
        return appended;
      },
    },
  };
}
