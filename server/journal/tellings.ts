/** What the parts of the server have to tell, as lines of the journal. */
import type { ActRefusal } from "../../shared/domain/folded.ts";
import { errorFields } from "../../shared/journal/error-fields.ts";
import type { CloseWhy } from "../../shared/journal/fields.ts";
import type { Journal } from "../../shared/journal/journal.ts";
import type { ServerEvents } from "../../shared/journal/server-events.ts";
import type { LedgerHealth } from "../ledger/watched-ledger.ts";
import type { TextsFault } from "../texts/texts.ts";
import { diskFaultOf, textsFaultOf } from "./fault-words.ts";

/** Each is a listener of one part; none throws. */
export function createTellings({ note }: Pick<Journal<ServerEvents>, "note">, monotonicMs: () => number) {
  const outage = (tellEnd: (afterMs: number) => void) => {
    let sinceMs = 0;
    return {
      begin: () => (sinceMs = monotonicMs()),
      end: () => tellEnd(Math.round(monotonicMs() - sinceMs)),
    };
  };
  const ledgerOutage = outage((afterMs) => note("ledger.good", { afterMs }));
  const textsOutage = outage((afterMs) => note("texts.good", { afterMs }));
  return {
    onLedger(health: LedgerHealth) {
      if (health.ok) return ledgerOutage.end();
      ledgerOutage.begin();
      return note("ledger.not-stored", { fault: diskFaultOf(health.reason) });
    },
    onThread: (news: "ended" | "restarted") => note(`ledger.thread-${news}`),
    onTexts(fault: TextsFault | null) {
      if (fault === null) return textsOutage.end();
      textsOutage.begin();
      return note("texts.not-stored", { fault: textsFaultOf(fault.code) });
    },
    onKeyKept: (error: unknown) => note("event-key.kept", { code: errorFields(error).code }),
    onCertifyRefused: (poll: string, why: ActRefusal) => note("certify.refused", { poll, why }),
    onCertifyFailed: (error: unknown) => note("certify.failed", errorFields(error)),
    onApiFailed: (route: string, error: unknown) => note("api.failed", { route, ...errorFields(error) }),
    onReply(route: string, status: number) {
      if (status >= 400) note("api.refused", { route, status });
    },
    onWaiting: (station: string) => note("enrolment.waiting", { station }),
    onAdmitted: (station: string) => note("link.admitted", { station }),
    onLinkClosed: (station: string | null, why: CloseWhy, by: "server" | "station") =>
      note("link.closed", { station, why, by }),
  };
}
