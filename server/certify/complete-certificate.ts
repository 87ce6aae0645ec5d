/** The second half of certifying: the barrier froze a poll's totals, the certificate repeats them. */
import type { ActRefusal } from "../../shared/domain/folded.ts";
import type { PollRow } from "../../shared/domain/projection.ts";
import type { Ledger } from "../ledger/ledger.ts";

export type Completed =
  /** It is certified, by this entry or by somebody else's a moment before. */
  | { ok: true; cursor: number }
  | { ok: false; why: "not-stored"; reason: string }
  | { ok: false; why: "refused"; reason: ActRefusal };

/** Append the certificate of a poll that has its barrier. */
export async function completeCertificate(
  ledger: Pick<Ledger, "append">,
  { id, barrier, tally }: PollRow,
): Promise<Completed> {
  if (barrier === null) throw new Error(`poll ${id} has no barrier to certify at`);
  const act = { kind: "poll-certified", poll: id, barrier: barrier.cursor, totals: tally } as const;
  const appended = await ledger.append(act);
  if (!appended.ok) {
    const reason = appended.why === "not-stored" ? appended.reason : "somebody else's entry came first";
    return { ok: false, why: "not-stored", reason };
  }
  const refused = appended.folded.kind === "act" ? appended.folded.refused : null;
  if (refused === null || refused === "already-certified") return { ok: true, cursor: appended.cursor };
  return { ok: false, why: "refused", reason: refused };
}
