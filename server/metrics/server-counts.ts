/** What the server counts as it goes: plain numbers, which are only read when somebody scrapes. */
import type { Verdict } from "../../shared/domain/verdict.ts";
import type { CloseWhy } from "../../shared/journal/fields.ts";
import { COMMIT_BOUNDS_S, createSpread, type Spread } from "../../shared/metrics/spread.ts";
import type { LoggedIn } from "../admin/admin.ts";
import type { Appended } from "../ledger/ledger.ts";

export interface LinkCounts {
  framesIn: number;
  bytesIn: number;
  /** What leaves for one station in one turn of the loop is one write. */
  writesOut: number;
  bytesOut: number;
  admitted: number;
  closed: Record<CloseWhy, number>;
}

type LogIn = "ok" | Extract<LoggedIn, { ok: false }>["why"];

export interface ServerCounts {
  appends: Record<"stored" | "moved-on" | "not-stored", number>;
  appendSeconds: Spread;
  verdicts: Record<Verdict, number>;
  batches: Record<"taken" | "ignored", number>;
  commits: number;
  link: LinkCounts;
  /** By `METHOD /pattern` and status: as many as there are routes and statuses, whatever is asked for. */
  replies: Map<string, { route: string; status: number; count: number }>;
  receivers: number;
  logIns: Record<LogIn, number>;
  onAppended(appended: Appended, seconds: number): void;
  onReply(route: string, status: number): void;
}

export function createServerCounts(): ServerCounts {
  const counts: ServerCounts = {
    appends: { stored: 0, "moved-on": 0, "not-stored": 0 },
    appendSeconds: createSpread(COMMIT_BOUNDS_S),
    verdicts: {
      counted: 0,
      changed: 0,
      "already-counted": 0,
      closed: 0,
      "unknown-poll": 0,
      "unknown-option": 0,
      "unknown-tag": 0,
      "not-entitled": 0,
      late: 0,
    },
    batches: { taken: 0, ignored: 0 },
    commits: 0,
    link: { framesIn: 0, bytesIn: 0, writesOut: 0, bytesOut: 0, admitted: 0, closed: closedCounts() },
    replies: new Map(),
    receivers: 0,
    logIns: { ok: 0, "wrong-password": 0, "not-set-up": 0, "too-many-attempts": 0 },
    onAppended(appended, seconds) {
      counts.appendSeconds.note(seconds);
      counts.appends[appended.ok ? "stored" : appended.why]++;
      if (!appended.ok || appended.folded.kind !== "batch") return;
      counts.batches[appended.folded.ignored === null ? "taken" : "ignored"]++;
      for (const { verdict } of appended.folded.verdicts) counts.verdicts[verdict]++;
    },
    onReply(route, status) {
      const key = `${route} ${status}`;
      const known = counts.replies.get(key);
      if (known === undefined) counts.replies.set(key, { route, status, count: 1 });
      else known.count++;
    },
  };
  return counts;
}

function closedCounts(): Record<CloseWhy, number> {
  return {
    goingAway: 0,
    badFrame: 0,
    badSignature: 0,
    notAdmitted: 0,
    outOfOrder: 0,
    unknownVersion: 0,
    silence: 0,
    revoked: 0,
    gap: 0,
    oversize: 0,
    tooManyWaiting: 0,
    tooFast: 0,
    wrongServer: 0,
    replaced: 0,
    trouble: 0,
    lost: 0,
    other: 0,
  };
}
