/** What the API is made of, and what each of its routes is given. */
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerHealth } from "../../shared/api/health.ts";
import type { Admin } from "../admin/admin.ts";
import type { Throttle } from "../admin/throttle.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { LinkPresence } from "../link/presence.ts";
import type { MetricsPage } from "../metrics/page.ts";
import type { ReaderDesk } from "../readers/reader-desk.ts";
import type { Texts } from "../texts/texts.ts";
import type { CursorWait } from "./cursor-wait.ts";
import type { ValibotTypes } from "./valibot-schemas.ts";

/** What watches the API, and what the API tells of all that is watched. */
export interface ApiWatch {
  /** With reasons that are not for strangers. */
  health: () => Promise<ServerHealth>;
  metrics: MetricsPage;
  /** Is this bearer token the one of the metrics? */
  isMetricsToken: (bearer: string) => boolean;
  /** A request failed by a bug or a broken machine. `route` is its method and pattern. */
  failed: (route: string, error: unknown) => void;
  replied: (route: string, status: number) => void;
  /** One more or less follows a tally by server-sent events. */
  receivers: (change: 1 | -1) => void;
}

export interface ApiParts {
  ledger: Ledger;
  texts: Texts;
  presence: LinkPresence;
  desk: Pick<ReaderDesk, "isHere" | "reportOf" | "notStoredOf">;
  admin: Admin;
  /** Wall clock, milliseconds since 1970. */
  clock: () => number;
  /** 32 hexadecimal digits, never the same twice. */
  newId: () => string;
  watch: ApiWatch;
  /** Under which imported tags become tag keys; undefined once it was destroyed. */
  eventKey: () => Uint8Array | undefined;
  /** Where others reach it: what a station is told. */
  address: () => string;
  /** The host the server is bound to, as given to `listen`; bound to loopback, other `Host` headers are refused. */
  boundTo: string;
  /** Names it answers to besides loopback's, when bound there. */
  hostNames?: readonly string[];
  /** Key and certificate in PEM; without them the server speaks plain HTTP. */
  tls?: { cert: string; key: string };
  /** Smaller bounds, for tests; see limits.ts. */
  maxReceivers?: number;
  cursorWaitMs?: number;
  mappingWaitMs?: number;
}

/** A Fastify instance whose routes are typed by their valibot schemas. */
export type Api = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ValibotTypes>;

/** What routes are given. */
export interface RouteParts extends ApiParts {
  cursors: CursorWait;
  enrolments: Throttle;
}
