/** What a host (Electron, headless) starts a station with. */
import type { Level } from "../shared/journal/event.ts";
import type { Clock } from "./clock.ts";
import type { Seal } from "./identity/seal.ts";
import type { ReaderSpec } from "./readers/spec.ts";

export interface StationOptions {
  /** The server's address, `http://…` or `https://…`; null: as the operator's panel says, and before that on this computer. */
  server: string | null;
  directory: string;
  /** 0 picks a free one. */
  port: number;
  readers: readonly ReaderSpec[];
  /** Kinds of which every reader is taken into use as it comes. */
  takeAll: ReadonlySet<ReaderSpec["kind"]>;
  /** Events below it are not written to the journal. */
  logLevel: Level;
  /** Virtual readers on the page, for trying without hardware. */
  demo: boolean;
  /** The thread that owns the log: `log/log-worker.ts`, or the file it was bundled into. */
  workerUrl: URL;
  /** Folder of the built pages. */
  pages: string;
  software: string;
  clock: Clock;
  /** How the event key is kept on disk; null: plain, in a file that only its owner may read. */
  seal: Seal | null;
  /** The operator's PIN was forgotten: it is chosen anew. */
  resetOperatorPin?: boolean;
  /** Random, base64url: only a page opened as `/?token=…` may ask the local server. Without it any on this computer. */
  token?: string;
}
