/** Who comes to the link and how it ends: for the journal and the metrics. */
import type { WebSocket } from "ws";
import { closeName, type CloseName } from "../../shared/link/close-codes.ts";
import type { CloseWhy } from "../../shared/journal/fields.ts";
import type { LinkCounts } from "../metrics/server-counts.ts";

export interface LinkWatch {
  /** Counted in place, so that a frame costs no call. */
  counts: LinkCounts;
  onWaiting: (station: string) => void;
  onAdmitted: (station: string) => void;
  /** @param station null when it never said who it is */
  onLinkClosed: (station: string | null, why: CloseWhy, by: "server" | "station") => void;
}

/** Broken without a word (RFC 6455 §7.1.5), or ended without a code. */
const NO_CODE: readonly number[] = [1005, 1006];

/** Why the server ended a link: what comes back from the station may be another code, or none. */
const ended = new WeakMap<WebSocket, CloseName>();

export function noteEnd(peer: WebSocket, why: CloseName): void {
  if (!ended.has(peer)) ended.set(peer, why);
}

export function noteAdmitted({ counts, onAdmitted }: LinkWatch, station: string): void {
  counts.admitted++;
  onAdmitted(station);
}

/** The socket is gone. @param code as `ws` tells it */
export function noteGone(
  { counts, onLinkClosed }: LinkWatch,
  peer: WebSocket,
  station: string | null,
  code: number,
): void {
  const ours = ended.get(peer);
  const why = ours ?? closeName(code) ?? (NO_CODE.includes(code) ? "lost" : "other");
  counts.closed[why]++;
  onLinkClosed(station, why, ours === undefined ? "station" : "server");
}
