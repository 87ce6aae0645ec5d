/** For tests: the API over a real ledger and real texts in a directory of its own, with a clock turned by hand. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import * as v from "valibot";
import { Problem } from "../../shared/api/problem.ts";
import { openAdmin, type Admin } from "../admin/admin.ts";
import { hashPassword } from "../admin/password.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { openSqliteLedger } from "../ledger/sqlite/sqlite-ledger.ts";
import type { ConnectedStation, WaitingStation } from "../link/presence.ts";
import { createReaderDesk, type ReaderDesk } from "../readers/reader-desk.ts";
import { openTexts } from "../texts/sqlite-texts.ts";
import type { Texts } from "../texts/texts.ts";
import { watchServer } from "../health/watch-server.ts";
import { createHeardJournal, type HeardJournal } from "../journal/journal.testing.ts";
import { createTellings } from "../journal/tellings.ts";
import { watchAdmin } from "../journal/watch-admin.ts";
import type { LedgerHealth } from "../ledger/watched-ledger.ts";
import { createServerCounts } from "../metrics/server-counts.ts";
import { createApi, type ApiParts } from "./api.ts";
import type { ApiWatch } from "./parts.ts";

export const PASSWORD = "correct horse";
export const EVENT = "e".repeat(32);
export const EVENT_KEY = new Uint8Array(32).fill(7);
export const METRICS_TOKEN = "metrics-token-of-a-test";
/** A scrypt that takes no time. */
const QUICK_N = 16;

export interface TestBed {
  api: FastifyInstance;
  ledger: Ledger;
  texts: Texts;
  admin: Admin;
  desk: ReaderDesk;
  connected: ConnectedStation[];
  waiting: WaitingStation[];
  journal: HeardJournal;
  /** Turn the clock. */
  pass(ms: number): void;
  /** Headers of a logged-in organiser. */
  organiser(): Promise<{ authorization: string }>;
  /** Write a poll as the organiser; its id. */
  draft(options?: string[]): Promise<string>;
  open(poll: string): Promise<void>;
  close(): Promise<void>;
}

export async function createTestBed(
  changes: Partial<Omit<ApiParts, "watch">> & {
    /** "" for a server that nobody set up. */
    password?: string;
    watch?: Partial<ApiWatch>;
    /** As the ledger tells it. */
    ledgerHealth?: LedgerHealth;
  } = {},
): Promise<TestBed> {
  const directory = mkdtempSync(join(tmpdir(), "polling-station-api-"));
  let nowMs = Date.parse("2026-05-01T09:00:00Z");
  const clock = () => nowMs;
  const opened = await openSqliteLedger(directory, { clock });
  if (!opened.ok) throw new Error(opened.reason);
  const { ledger } = opened;
  await ledger.append({ kind: "event-created", event: EVENT });
  const texts = openTexts(directory);
  const hash = (password: string) => hashPassword(password, QUICK_N);
  const openedAdmin = await openAdmin(directory, { clock, password: changes.password ?? PASSWORD, hash });
  const counts = createServerCounts();
  const journal = createHeardJournal();
  const told = createTellings(journal, clock);
  const admin = watchAdmin(openedAdmin, journal, counts);
  const connected: ConnectedStation[] = [];
  const waiting: WaitingStation[] = [];
  const presence = { connected: () => connected, waiting: () => waiting, metAtMs: () => undefined };
  const desk = createReaderDesk(clock);
  const watch = watchServer({
    directory,
    journal: { ...journal, state: () => ({ failing: false, lost: 0 }) },
    counts,
    ledger,
    ledgerHealth: () => changes.ledgerHealth ?? { ok: true },
    textsFault: () => null,
    presence,
    keyIsKept: () => false,
    certificate: undefined,
    clock,
    wallMs: clock,
    setTimer: () => () => {},
  });
  const { watch: watchChanges, ...otherChanges } = changes;
  const api = createApi({
    ledger,
    texts,
    admin,
    clock,
    presence,
    desk,
    newId: () => randomBytes(16).toString("hex"),
    watch: {
      ...watch,
      isMetricsToken: (bearer) => bearer === METRICS_TOKEN,
      failed: told.onApiFailed,
      replied(route, status) {
        counts.onReply(route, status);
        told.onReply(route, status);
      },
      receivers: (change) => void (counts.receivers += change),
      ...watchChanges,
    },
    eventKey: () => EVENT_KEY,
    address: () => "https://votes.example:7070",
    boundTo: "127.0.0.1",
    ...otherChanges,
  });
  await api.ready();
  const loggedIn = await admin.logIn(PASSWORD, "test-bed");
  const headers = { authorization: `Bearer ${loggedIn.ok ? loggedIn.token : ""}` };
  return {
    api,
    ledger,
    texts,
    admin,
    desk,
    connected,
    waiting,
    journal,
    pass: (ms) => void (nowMs += ms),
    organiser: async () => headers,
    async draft(options = ["Tea", "Coffee"]) {
      const payload = { question: "Tea or coffee?", options, counts: "first" };
      const made = await api.inject({ method: "POST", url: "/api/v1/polls", headers, payload });
      return made.json<{ id: string }>().id;
    },
    async open(poll) {
      await api.inject({ method: "POST", url: `/api/v1/polls/${poll}/open`, headers });
    },
    async close() {
      watch.stop();
      await api.close();
      await ledger.close();
      texts.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** The kind of a problem in a reply. */
export function slugOf(reply: { body: string }): string {
  return v.parse(Problem, JSON.parse(reply.body)).type.replace("urn:polling-station:problem:", "");
}
