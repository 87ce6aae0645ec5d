import type { ConnectedDeps } from "../connected-reader.ts";
import type { PathLook } from "../connection.ts";
import type { Trouble } from "./trouble.ts";

/** An open port. Only a driver whose device has to be asked writes to it, and one that was told that its device takes lines. */
export interface SerialPortHandle {
  /** Never throws, never waits: what cannot be written now is dropped, also on a port that is closed or gone. */
  write(bytes: Uint8Array): void;
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

/** What a serial reader needs of the machine it runs on. */
export interface SerialDeps extends ConnectedDeps {
  openPort: OpenPort;
  lookAtPath: LookAtPath;
}
