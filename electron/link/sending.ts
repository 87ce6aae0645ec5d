/** A log as the outbox sends it. */
import { toHex } from "../../shared/bytes.ts";
import { MAX_LOGS_PER_LINK } from "../../shared/link/limits.ts";
import type { StoredLog } from "../log/log-messages.ts";

export interface Sending {
  /** Hexadecimal. */
  readonly id: string;
  readonly stored: StoredLog;
  /**
   * Its header on this link: not sent, and not going to be; not sent before others are settled; sent; answered with another
   * history than ours, or with where to go on.
   */
  state: "unopened" | "held" | "opening" | "comparing" | "open";
  /** Last record sent on this link. */
  sent: number;
}

export function sendingOf(stored: StoredLog): Sending {
  const own = { ...stored, others: [...stored.others] };
  return { id: toHex(stored.log), stored: own, state: "unopened", sent: own.acked };
}

/** May and must something of it be sent? A log that was set aside waits, one that was rejected is over. */
export function hasToSend({ state, stored, sent }: Sending): boolean {
  return state === "open" && mayGoOn(stored) && sent < stored.head;
}

/** Is it not known yet whether the server has the same history? */
export function isUnsettled({ state }: Sending): boolean {
  return state === "held" || state === "opening" || state === "comparing";
}

/** Is all of it there that this link will bring there? */
export function isDone({ state, stored }: Sending): boolean {
  return state === "unopened" || (state === "open" && (!mayGoOn(stored) || stored.acked >= stored.head));
}

export function mayGoOn({ standing }: StoredLog): boolean {
  return standing === "taken" || standing === "admitted";
}

/** Ballots of a log that are not acknowledged, and still could be. */
export function waitingIn({ head, acked, others, standing }: StoredLog): number {
  if (standing === "rejected") return 0;
  return head - acked - others.filter((number) => number > acked).length;
}

/** From here on a log's records are another's: they were moved, or never were there. */
export function cutBack({ stored }: Sending, number: number, hash: Uint8Array): void {
  stored.head = number;
  stored.hash = hash;
  stored.acked = Math.min(stored.acked, number);
  stored.others = stored.others.filter((other) => other <= number);
}

/**
 * The logs to open on a link, oldest first, so that each comes after the one it continues. Also empty ones, which others
 * continue, and wholly acknowledged ones: a server put back to a backup says so by an older head. Of too many those with
 * something to send before all; then those that no server has heard of, oldest first, since none is shown to it before
 * what it continues; then the newest.
 */
export function toOpen(logs: readonly Sending[]): Sending[] {
  if (logs.length <= MAX_LOGS_PER_LINK) return [...logs];
  const newest = logs.at(-1);
  const heard = logs.filter(({ stored }) => stored.heard).toReversed();
  const isUrgent = (log: Sending) => log === newest || log.stored.acked < log.stored.head;
  const unheard = logs.filter(({ stored }) => !stored.heard);
  const wanted = [...heard.filter(isUrgent), ...unheard, ...heard.filter((log) => !isUrgent(log))];
  const chosen = new Set(wanted.slice(0, MAX_LOGS_PER_LINK));
  return logs.filter((log) => chosen.has(log));
}
