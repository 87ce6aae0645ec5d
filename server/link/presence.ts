/** Who is on the link right now: what the API shows of it, and what enrolment needs of it. */

export interface ConnectedStation {
  station: string;
  /** Server time the link was admitted at, milliseconds since 1970. */
  sinceMs: number;
  software: string;
  /** Records the station says it has and the ledger does not; the same on each of its links. */
  undelivered: number;
  /** One of its logs had another history than the ledger's when the link came up. */
  diverged: boolean;
}

/** A station that proved its key and waits for an organiser to type its code. */
export interface WaitingStation {
  station: string;
  key: Uint8Array;
  code: string;
  sinceMs: number;
  software: string;
}

export interface LinkPresence {
  connected(): readonly ConnectedStation[];
  waiting(): readonly WaitingStation[];
  /** Server time at which an admitted station was on the link first, in this life of the server; undefined: not yet. */
  metAtMs(station: string): number | undefined;
}
