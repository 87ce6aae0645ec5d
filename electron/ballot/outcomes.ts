/** The life of an outcome on the screen: shown once stored, upgraded when the server's verdict comes in time. */
import type { Outcome, OutcomeKind } from "../../shared/events/stream.ts";
import type { Verdict } from "../../shared/domain/verdict.ts";

/** A verdict that comes later tells nobody anything: the voter has gone. */
const UPGRADE_MS = 5_000;
/** Taps of a few seconds at every reader at once. */
const MAX_PENDING = 1_000;

/** The server has it next, or some time; or it is kept, and the organiser does not count what this kiosk stores. */
export type StoredKind = "stored" | "safe-here" | "not-admitted";

export interface Outcomes {
  /** Something to show that has no verdict to wait for. */
  refused(kind: OutcomeKind, option: number | null, reader: string | null): void;
  /** A ballot that is on disk, under its number in a log; `kind` says what the voter may hope for. */
  stored(log: string, number: number, option: number, kind: StoredKind): void;
  onVerdict(log: string, number: number, verdict: Verdict): void;
}

export interface OutcomeSurroundings {
  nowMs: () => number;
  show: (outcome: Outcome) => void;
}

export function createOutcomes({ nowMs, show }: OutcomeSurroundings): Outcomes {
  let lastId = 0;
  const pending = new Map<string, { id: string; option: number; atMs: number }>();
  const newId = () => `${++lastId}`;
  const forget = () => {
    for (const [key, { atMs }] of pending) {
      if (pending.size <= MAX_PENDING && nowMs() - atMs <= UPGRADE_MS) return;
      pending.delete(key);
    }
  };
  return {
    refused: (kind, option, reader) => show({ id: newId(), kind, option, reader }),
    stored(log, number, option, kind) {
      const id = newId();
      forget();
      pending.set(`${log}/${number}`, { id, option, atMs: nowMs() });
      show({ id, kind, option, reader: null });
    },
    onVerdict(log, number, verdict) {
      const key = `${log}/${number}`;
      const known = pending.get(key);
      if (known === undefined) return;
      pending.delete(key);
      if (nowMs() - known.atMs > UPGRADE_MS) return;
      show({ id: known.id, kind: kindOf(verdict), option: known.option, reader: null });
    },
  };
}

function kindOf(verdict: Verdict): OutcomeKind {
  return verdict === "unknown-poll" || verdict === "unknown-option" ? "not-counted" : verdict;
}
