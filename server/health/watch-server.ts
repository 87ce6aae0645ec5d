/** The server, watched: its parts' health, its metrics, and the lines of the journal that come of looking now and then. */
import { X509Certificate } from "node:crypto";
import { statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { ServerHealth } from "../../shared/api/health.ts";
import { watchMachine } from "../../shared/health/machine.ts";
import { createParts, degraded, failing, worstOf, type Finding } from "../../shared/health/parts.ts";
import { JOURNAL_FILE, JOURNAL_FOLDER, type OpenJournal } from "../journal/open-journal.ts";
import type { Ledger, Standing } from "../ledger/ledger.ts";
import { LEDGER_FILE } from "../ledger/sqlite/schema.ts";
import type { LedgerHealth } from "../ledger/watched-ledger.ts";
import type { LinkPresence } from "../link/presence.ts";
import { createMetricsPage, type MetricsPage } from "../metrics/page.ts";
import type { ServerCounts } from "../metrics/server-counts.ts";
import { serverFamilies, type ServerFigures } from "../metrics/server-families.ts";
import { TEXTS_FILE } from "../texts/sqlite-texts.ts";
import type { TextsFault } from "../texts/texts.ts";

export interface WatchSurroundings {
  directory: string;
  journal: Pick<OpenJournal, "note" | "state">;
  counts: ServerCounts;
  ledger: Pick<Ledger, "standing">;
  ledgerHealth: () => LedgerHealth;
  textsFault: () => TextsFault | null;
  presence: LinkPresence;
  /** Is the event key still on the disk although it is destroyed? */
  keyIsKept: () => boolean;
  /** PEM; undefined without TLS. */
  certificate: string | undefined;
  /** The server's time, milliseconds since 1970. */
  clock: () => number;
  /** The computer's. */
  wallMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
}

export interface ServerWatch {
  health(): Promise<ServerHealth>;
  metrics: MetricsPage;
  stop(): void;
}

const DAY_MS = 86_400_000;
/** Long enough before the end to get another, and to enrol who pinned this one anew. */
const CERTIFICATE_WARNING_MS = 14 * DAY_MS;

export function watchServer(around: WatchSurroundings): ServerWatch {
  const { directory, counts, ledger, presence, journal, clock, wallMs } = around;
  const part = createParts(wallMs);
  const machine = watchMachine({
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(directory);
      return bavail * bsize;
    },
    clockBehindMs: () => clock() - wallMs(),
    setTimer: around.setTimer,
    note: (change) =>
      change.kind === "clock.behind"
        ? journal.note(change.kind, { byMs: change.byMs })
        : journal.note(change.kind, { freeBytes: change.freeBytes }),
  });
  const endsMs =
    around.certificate === undefined ? Infinity : Date.parse(new X509Certificate(around.certificate).validTo);

  const parts = (standing: Standing): ServerHealth["parts"] => ({
    ledger: part("ledger", ledgerFinding(around.ledgerHealth())),
    texts: part("texts", textsFinding(around.textsFault())),
    disk: part("disk", machine.disk()),
    link: part("link", linkFinding(standing, presence)),
    eventKey: part("eventKey", around.keyIsKept() ? degraded(KEY_KEPT) : null),
    certificate: part("certificate", certificateFinding(endsMs - wallMs())),
    clock: part("clock", machine.clock()),
    journal: part("journal", journal.state().failing ? degraded(JOURNAL_FAILING) : null),
  });
  const figures = (standing: Standing): ServerFigures => ({
    uptimeS: process.uptime(),
    cursor: standing.cursor,
    polls: countOf(
      [...standing.polls.values()].map(({ state }) => state),
      {
        draft: 0,
        open: 0,
        paused: 0,
        closed: 0,
        certified: 0,
      },
    ),
    stations: countOf(
      [...standing.stations.values()].map(({ revoked }) => (revoked === null ? "admitted" : "revoked")),
      { admitted: 0, revoked: 0 },
    ),
    links: { admitted: presence.connected().length, waiting: presence.waiting().length },
    ledgerUp: around.ledgerHealth().ok ? 1 : 0,
    fileBytes: {
      ledger: sizeOf(join(directory, LEDGER_FILE)),
      "ledger-wal": sizeOf(join(directory, `${LEDGER_FILE}-wal`)),
      texts: sizeOf(join(directory, TEXTS_FILE)),
      journal: sizeOf(join(directory, JOURNAL_FOLDER, JOURNAL_FILE)),
    },
    freeBytes: machine.freeBytes(),
    journalLost: journal.state().lost,
  });
  /** All families of one page tell of one moment. */
  let now: ServerFigures | undefined;
  const page = createMetricsPage(
    serverFamilies(counts, () => {
      if (now === undefined) throw new Error("figures are read while a page is made");
      return now;
    }),
  );
  return {
    async health() {
      const standing = await ledger.standing();
      const found = parts(standing);
      return {
        status: worstOf(found),
        cursor: standing.cursor,
        stations: presence.connected().length,
        uptimeS: Math.floor(process.uptime()),
        parts: found,
      };
    },
    metrics: {
      async read() {
        now = figures(await ledger.standing());
        return page.read();
      },
    },
    stop: machine.stop,
  };
}

const KEY_KEPT =
  "The event key is to be destroyed and is still in secrets.json. Make that file writable; it is tried again.";
const JOURNAL_FAILING = "The journal is not written. Free space on the disk and make the journal folder writable.";

function ledgerFinding(health: LedgerHealth): Finding {
  return health.ok ? null : failing(health.reason);
}

function textsFinding(fault: TextsFault | null): Finding {
  return fault === null ? null : degraded(fault.message);
}

/** Kiosks are switched off at night; while votes are taken, one that is away is worth a look. */
function linkFinding(standing: Standing, presence: LinkPresence): Finding {
  const open = [...standing.polls.values()].some(({ state }) => state === "open");
  if (!open) return null;
  const there = new Set(presence.connected().map(({ station }) => station));
  const expected = [...standing.stations.values()].filter(({ revoked }) => revoked === null);
  const away = expected.filter(({ station }) => !there.has(station)).length;
  if (away === 0) return null;
  return degraded(
    `${away} of ${expected.length} stations are away while a poll is open. What was voted there is kept there; ` +
      "see to their network. GET /api/v1/stations names them.",
  );
}

function certificateFinding(leftMs: number): Finding {
  if (leftMs > CERTIFICATE_WARNING_MS) return null;
  if (leftMs <= 0) return degraded("The TLS certificate has run out: browsers refuse it. Give a new one with --cert.");
  return degraded(`The TLS certificate runs out in ${Math.ceil(leftMs / DAY_MS)} days. Give a new one with --cert.`);
}

function countOf<Word extends string>(words: readonly Word[], none: Record<Word, number>): Record<Word, number> {
  const counts = { ...none };
  for (const word of words) counts[word]++;
  return counts;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
