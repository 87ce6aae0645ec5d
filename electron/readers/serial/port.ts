import type { PathLook } from "./connection.ts";
import type { Trouble } from "./trouble.ts";

/** An open port. Nothing is ever written to it: a device the operator has not put under our control is left alone. */
export interface SerialPortHandle {
  /** Resolves when the port is closed, also when it was already. Never rejects. */
  close(): Promise<void>;
}

export interface PortEvents {
  onBytes(bytes: Uint8Array): void;
  /** The port gives no more bytes. May be called more than once, also after `close`. */
  onGone(trouble: Trouble): void;
}

export type PortOpening = { ok: true; port: SerialPortHandle } | { ok: false; trouble: Trouble };

/** Opens `path` with 8 data bits, no parity, 1 stop bit at `baud`. Never rejects. */
type OpenPort = (path: string, baud: number, events: PortEvents) => Promise<PortOpening>;

/** Which device does the path lead to now? Never rejects. */
type LookAtPath = (path: string) => Promise<PathLook>;

/** Calls `run` once, after `delayMs`; the function given back cancels that. */
export type After = (delayMs: number, run: () => void) => () => void;

/** What a serial reader needs of the machine it runs on. */
export interface SerialDeps {
  openPort: OpenPort;
  lookAtPath: LookAtPath;
  after: After;
  /** 0 up to 1. */
  random: () => number;
}
