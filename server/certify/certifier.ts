/**
 * Certifies closed polls by themselves: when every station has delivered, or a day later, naming those that have not. It
 * only looks and proposes; whether a poll may be certified is the fold's to say.
 */
import { patienceEndsMs } from "../../shared/domain/certification.ts";
import type { CertifyWhy } from "../../shared/domain/entry.ts";
import type { ActRefusal } from "../../shared/domain/folded.ts";
import type { PollRow } from "../../shared/domain/projection.ts";
import type { Committed, Ledger } from "../ledger/ledger.ts";
import { completeCertificate } from "./complete-certificate.ts";

/** Watermarks walk every log of every station, so they are asked for once a second at most; a person notices no less. */
const LOOK_EVERY_MS = 1_000;
/**
 * Before a server that was started gives anybody up: while it was away nobody could deliver. Stations ask for it every
 * few seconds and then have this long to deliver what they kept.
 */
const RETURN_MS = 5 * 60_000;
/**
 * So long after it was back a station has shown what the server had told of polls before it was put back to a backup, if
 * it was: a certificate made then must not be made anew with other totals.
 */
const SHOWN_MS = 2_000;
/** A refusal is an entry, too: what the fold refuses for no passing reason is not asked of it every second. */
const REFUSED_REST_MS = 60_000;

export interface CertifierSurroundings {
  ledger: Pick<Ledger, "append" | "standing" | "watermarks" | "onCommit">;
  /** Wall clock, milliseconds since 1970: the ledger's own. */
  clock: () => number;
  /** Run once after a delay; returns the way to cancel. */
  setTimer(run: () => void, delayMs: number): () => void;
  /** When a station was on the link first, in this life of the server. */
  metAtMs(station: string): number | undefined;
  /** The ledger refused a poll's certificate for no passing reason. A disk that takes nothing is the ledger's to tell. */
  onRefused(poll: string, why: ActRefusal): void;
  /** A look failed; it is tried again. */
  onFailed(error: unknown): void;
}

export interface Certifier {
  /** Resolves when nothing of it is under way any more. */
  close(): Promise<void>;
}

/** What is left to do for a poll: all of it, or only the certificate after the barrier. */
function isDue({ state, barrier, certify }: PollRow): boolean {
  return state === "closed" && (barrier !== null || certify === "by-itself");
}

export function createCertifier({ ledger, clock, setTimer, metAtMs, ...told }: CertifierSurroundings): Certifier {
  /** Position at which a poll's watermarks were looked at: until the next entry they are the same. */
  let lookedAt = new Map<string, number>();
  /** Polls that had their barrier a look ago: whoever set it may be about to certify, so theirs is not raced. */
  let barred = new Set<string>();
  const restUntilMs = new Map<string, number>();
  const startedMs = clock();
  let stopped = false;
  let looking: Promise<void> | null = null;
  /** Did something fall due in the middle of a look, which may not have seen it? */
  let missed = false;
  let cancelTimer: (() => void) | null = null;
  /** Was there something to look at less than `LOOK_EVERY_MS` ago? Then commits wait for the timer. */
  let resting = false;

  const refused = (poll: PollRow, why: ActRefusal) => {
    told.onRefused(poll.id, why);
    restUntilMs.set(poll.id, clock() + REFUSED_REST_MS);
  };

  const complete = async (poll: PollRow) => {
    const completed = await completeCertificate(ledger, poll);
    if (!completed.ok && completed.why === "refused") refused(poll, completed.reason);
  };

  const isBack = (station: string) => clock() - (metAtMs(station) ?? Number.POSITIVE_INFINITY) >= SHOWN_MS;

  /** Why it may be certified now, and without whom; null when it has to wait for news, "later" when for the time. */
  const ripeness = async (poll: PollRow): Promise<{ why: CertifyWhy; missing: string[] } | null | "later"> => {
    const watermarks = (await ledger.watermarks(poll.id)) ?? [];
    const missing = watermarks.filter((mark) => mark.missing !== null).map(({ station }) => station);
    const overdue = isOverdue(poll);
    const allBack = clock() - startedMs >= RETURN_MS || watermarks.every(({ station }) => isBack(station));
    if (missing.length === 0 && !allBack) return "later";
    // A poll that a station brought back waits its day: others may be missing that this server does not know any more.
    if (missing.length === 0) return poll.closed?.backAtMs === null || overdue ? { why: "drained", missing } : null;
    return overdue ? { why: "time", missing } : null;
  };
  const isOverdue = ({ closed }: PollRow) =>
    closed !== null && clock() >= patienceEndsMs(closed) && clock() - startedMs >= RETURN_MS;

  const certify = async (poll: PollRow, cursor: number) => {
    const ripe = await ripeness(poll);
    if (ripe === "later") return;
    if (ripe === null) return void lookedAt.set(poll.id, cursor);
    const appended = await ledger.append({ kind: "poll-barred", poll: poll.id, ...ripe, reason: null });
    if (!appended.ok) return;
    const why = appended.folded.kind === "act" ? appended.folded.refused : null;
    // A station came in between, or somebody else certified it: the next look sees it.
    if (why === "missing-changed" || why === "already-certified") return;
    if (why !== null) return refused(poll, why);
    const row = (await ledger.standing(appended.cursor)).polls.get(poll.id);
    if (row !== undefined) await complete(row);
  };

  /** One look at all polls. Resolves with whether there is anything to look at again. */
  const look = async (): Promise<boolean> => {
    const { polls, cursor } = await ledger.standing();
    const due = [...polls.values()].filter(isDue);
    const before = lookedAt;
    const barredBefore = barred;
    lookedAt = new Map();
    barred = new Set(due.filter(({ barrier }) => barrier !== null).map(({ id }) => id));
    for (const poll of due) {
      if (stopped) return false;
      if (poll.barrier === null && before.get(poll.id) === cursor && !isOverdue(poll)) {
        lookedAt.set(poll.id, cursor);
        continue;
      }
      resting = true;
      if ((restUntilMs.get(poll.id) ?? 0) > clock()) continue;
      if (poll.barrier === null) await certify(poll, cursor);
      else if (barredBefore.has(poll.id)) await complete(poll);
    }
    return due.length > 0;
  };

  const turn = () => {
    cancelTimer?.();
    cancelTimer = null;
    resting = false;
    missed = false;
    looking = look()
      .catch((error: unknown) => {
        told.onFailed(error);
        return true;
      })
      .then((more) => {
        looking = null;
        if ((more || missed) && !stopped) cancelTimer = setTimer(turn, LOOK_EVERY_MS);
      });
  };

  const onCommit = ({ polls }: Committed) => {
    if (looking !== null) missed ||= polls.some(isDue);
    if (stopped || looking !== null || resting) return;
    if (cancelTimer !== null || polls.some(isDue)) turn();
  };
  const stopListening = ledger.onCommit(onCommit);
  turn();
  return {
    async close() {
      stopped = true;
      stopListening();
      cancelTimer?.();
      await looking;
    },
  };
}
