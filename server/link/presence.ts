/** Who is on the link right now: what the API shows of it, and what enrolment needs of it. */

export interface ConnectedStation {
  station: string;
  /** Server time the link was admitted at, milliseconds since 1970. */
  sinceMs: number;
  software: string;
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
}
