/** What the API is made of, and what each of its routes is given. */
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Admin } from "../admin/admin.ts";
import type { Throttle } from "../admin/throttle.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { LinkPresence } from "../link/presence.ts";
import type { Texts } from "../texts/texts.ts";
import type { CursorWait } from "./cursor-wait.ts";
import type { ValibotTypes } from "./valibot-schemas.ts";

/** Is the ledger storing? `reason` names cause and remedy in one line, without secrets: anybody may read it. */
export type LedgerHealth = { ok: true } | { ok: false; reason: string };

export interface ApiParts {
  ledger: Ledger;
  texts: Texts;
  presence: LinkPresence;
  admin: Admin;
  /** Wall clock, milliseconds since 1970. */
  clock: () => number;
  /** 32 hexadecimal digits, never the same twice. */
  newId: () => string;
  health: () => LedgerHealth;
  /** Under which imported tags become tag keys; undefined once it was destroyed. */
  eventKey: () => Uint8Array | undefined;
  /** The host the server is bound to, as given to `listen`; bound to loopback, other `Host` headers are refused. */
  boundTo: string;
  /** Names it answers to besides loopback's, when bound there. */
  hostNames?: readonly string[];
  /** Key and certificate in PEM; without them the server speaks plain HTTP. */
  tls?: { cert: string; key: string };
  /** Nothing is logged without one. It is never given a header, a body, a token or a password. */
  logger?: FastifyBaseLogger;
  /** Told of each request that failed by a bug or a broken machine: its route, and the error with its stack. */
  report?: (line: string) => void;
  /** Smaller bounds, for tests; see limits.ts. */
  maxReceivers?: number;
  cursorWaitMs?: number;
}

/** A Fastify instance whose routes are typed by their valibot schemas. */
export type Api = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ValibotTypes>;

/** What routes are given. */
export interface RouteParts extends ApiParts {
  cursors: CursorWait;
  enrolments: Throttle;
}
