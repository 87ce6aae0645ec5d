/** An organiser's act: appended, judged by the fold, and its refusal said as a problem. */
import type { Change } from "../../shared/domain/entry.ts";
import type { ActRefusal } from "../../shared/domain/fold-act.ts";
import type { Appended, Ledger, Standing } from "../ledger/ledger.ts";
import { MAX_ACT_TRIES } from "./limits.ts";
import { ProblemError } from "./problem.ts";

/** Cause and remedy of each refusal. */
const REFUSALS: Record<ActRefusal, string> = {
  "event-exists": "The server holds one event. Start another server with its own --data for another.",
  "unknown-poll": "There is no poll with this id. GET /api/v1/polls lists those there are.",
  "not-draft": "The poll was opened, and votes refer to it as it is. Make a new poll.",
  "already-open": "The poll takes votes already. Nothing was changed.",
  "not-open": "The poll has to be open for that. Open it first.",
  "already-closed": "A closed poll stays closed. Make a new poll.",
  "already-admitted": "This station was admitted before. Nothing was changed.",
};

/** Header `If-Match: "<cursor>"`: undefined without one, "any" for `*`. Throws the problem for anything else. */
export function expectedCursor(header: string | undefined): number | "any" | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === "*") return "any";
  const [, digits] = /^\s*"(\d{1,15})"\s*$/.exec(header) ?? [];
  if (digits !== undefined) return Number(digits);
  throw new ProblemError("invalid-request", 'If-Match takes one cursor in double quotes, such as "42".', {
    errors: [{ in: "header", pointer: "/if-match", detail: 'must be a cursor such as "42"' }],
  });
}

export function etag(cursor: number): string {
  return `"${cursor}"`;
}

/**
 * Append an act; resolves with its cursor once it is durable and took effect. Throws the problem when it did not.
 *
 * With `expected`, only if `cursorOf` (of the thing the act changes) still says so. Ballots move the ledger on all the
 * time, so what is compared is the thing, and the append is tried again while only others moved.
 */
export async function appendAct(
  ledger: Ledger,
  act: Change,
  expected?: number | "any",
  cursorOf: (standing: Standing) => number | undefined = (standing) => standing.cursor,
): Promise<number> {
  for (let tries = 0; tries < MAX_ACT_TRIES; tries++) {
    const standing = expected === undefined ? undefined : await ledger.standing();
    if (standing !== undefined) checkUnmoved(expected, cursorOf(standing));
    const appended = await ledger.append(act, standing && { expected: standing.cursor });
    const cursor = effectOf(appended);
    if (cursor !== undefined) return cursor;
  }
  throw new ProblemError("busy", "Votes came in faster than this could be compared. Try again.", { retryAfterS: 1 });
}

function checkUnmoved(expected: number | "any" | undefined, now: number | undefined): void {
  if (now === undefined) throw new ProblemError("unknown-poll", REFUSALS["unknown-poll"]);
  if (expected === "any" || expected === now) return;
  throw new ProblemError("moved-on", `It was changed at cursor ${now}. Read it again and decide anew.`, {
    headers: { etag: etag(now) },
  });
}

/** The cursor of an act that took effect; undefined when somebody's entry came first. Throws the problem of others. */
function effectOf(appended: Appended): number | undefined {
  if (!appended.ok) {
    if (appended.why === "moved-on") return undefined;
    throw new ProblemError("not-stored", appended.reason);
  }
  const { folded, cursor } = appended;
  if (folded.kind !== "act") throw new Error(`an act folded as ${folded.kind}`);
  if (folded.refused !== null) throw new ProblemError(folded.refused, REFUSALS[folded.refused]);
  return cursor;
}
