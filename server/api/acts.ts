/** An organiser's act: appended, judged by the fold, and its refusal said as a problem. */
import type { Change } from "../../shared/domain/entry.ts";
import type { ActRefusal } from "../../shared/domain/folded.ts";
import type { Appended, Ledger, Standing } from "../ledger/ledger.ts";
import { MAX_ACT_TRIES } from "./limits.ts";
import { ProblemError } from "./problem.ts";
import { refusalProblem } from "./refusals.ts";

/** The cursor a client saw last; "any" for whatever there is. */
export type IfMatch = number | "any";

/** Header `If-Match: "<cursor>"`: undefined without one, "any" for `*`. Throws the problem for anything else. */
export function expectedCursor(header: string | undefined): IfMatch | undefined {
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

/** What an act came to: it took effect at the cursor, or why not. */
export interface JudgedAct {
  cursor: number;
  refused: ActRefusal | null;
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
  expected?: IfMatch,
  cursorOf: (standing: Standing) => number | undefined = (standing) => standing.cursor,
): Promise<number> {
  return effectOf(await judgeAct(ledger, act, expected, cursorOf));
}

/** The same, for acts whose refusal the caller says in its own words. */
export async function judgeAct(
  ledger: Ledger,
  act: Change,
  expected?: IfMatch,
  cursorOf: (standing: Standing) => number | undefined = (standing) => standing.cursor,
): Promise<JudgedAct> {
  if (expected !== undefined) {
    return judgeDecided(ledger, (standing) => {
      checkUnmoved(expected, cursorOf(standing));
      return act;
    });
  }
  const judged = judgedOf(await ledger.append(act));
  if (judged === undefined) throw new Error("moved on, though nothing was expected");
  return judged;
}

/**
 * Append an act that is decided on by the standing, and only onto that very standing: what `decide` saw is still so when
 * the act takes effect. It may throw the problem of what it saw, and is asked again while others moved the ledger on.
 */
export async function appendDecided(ledger: Ledger, decide: (standing: Standing) => Change): Promise<number> {
  return effectOf(await judgeDecided(ledger, decide));
}

async function judgeDecided(ledger: Ledger, decide: (standing: Standing) => Change): Promise<JudgedAct> {
  for (let tries = 0; tries < MAX_ACT_TRIES; tries++) {
    const standing = await ledger.standing();
    const judged = judgedOf(await ledger.append(decide(standing), { expected: standing.cursor }));
    if (judged !== undefined) return judged;
  }
  throw new ProblemError("busy", "Votes came in faster than this could be compared. Try again.", { retryAfterS: 1 });
}

/** Throws the problem when the thing is not there, or was changed since the cursor that `If-Match` names. */
export function checkUnmoved(expected: IfMatch | undefined, now: number | undefined): void {
  if (now === undefined) throw refusalProblem("unknown-poll");
  if (expected === undefined || expected === "any" || expected === now) return;
  throw new ProblemError("moved-on", `It was changed at cursor ${now}. Read it again and decide anew.`, {
    headers: { etag: etag(now) },
  });
}

/** What the fold made of an act; undefined when somebody's entry came first. Throws the problem of a disk. */
function judgedOf(appended: Appended): JudgedAct | undefined {
  if (!appended.ok) {
    if (appended.why === "moved-on") return undefined;
    throw new ProblemError("not-stored", appended.reason);
  }
  const { folded, cursor } = appended;
  if (folded.kind !== "act") throw new Error(`an act folded as ${folded.kind}`);
  return { cursor, refused: folded.refused };
}

function effectOf({ cursor, refused }: JudgedAct): number {
  if (refused !== null) throw refusalProblem(refused);
  return cursor;
}
