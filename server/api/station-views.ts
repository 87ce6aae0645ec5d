/** Stations, their logs and what they still owe, as the API shows them. */
import { MAX_LATE_SHOWN, type Deliveries, type LateBallots } from "../../shared/api/certification.ts";
import type { Branch, StationList } from "../../shared/api/stations.ts";
import { endsOf, patienceEndsMs, type Watermark } from "../../shared/domain/certification.ts";
import type { LogRow, PollRow } from "../../shared/domain/projection.ts";
import type { Ledger, Standing } from "../ledger/ledger.ts";
import type { LinkPresence } from "../link/presence.ts";
import type { Texts } from "../texts/texts.ts";
import { isProvisional, nameStation, timestamp } from "./views.ts";

/** Admitted stations, and those that wait; never the codes of the latter. */
export async function showStations(
  standing: Standing,
  ledger: Pick<Ledger, "logsOf">,
  presence: LinkPresence,
  texts: Texts,
): Promise<StationList> {
  const links = new Map(presence.connected().map((link) => [link.station, link]));
  const stations = Array.from(standing.stations.values(), async ({ station, revoked }) => {
    const link = links.get(station);
    return {
      ...nameStation(station, texts),
      connected: link !== undefined,
      since: link === undefined ? null : timestamp(link.sinceMs),
      software: link?.software ?? null,
      diverged: link?.diverged ?? false,
      revoked: revoked !== null,
      branches: await branchesOf(station, standing, ledger),
    };
  });
  return {
    cursor: standing.cursor,
    stations: await Promise.all(stations),
    waiting: presence
      .waiting()
      .map(({ station, sinceMs, software }) => ({ station, since: timestamp(sinceMs), software })),
  };
}

/**
 * Logs of a station that are not simply taken. As long as one waits for a decision, also those it lives beside: which of
 * them is the copy, the server cannot know.
 */
async function branchesOf(station: string, { branches }: Standing, ledger: Pick<Ledger, "logsOf">): Promise<Branch[]> {
  const own = [...branches.values()].filter((log) => log.station === station && log.standing !== "taken");
  if (!own.some(({ standing }) => standing === "aside")) return own.map(showBranch);
  const logs = await ledger.logsOf(station);
  const ends = new Set(endsOf(logs));
  return logs.filter((log) => log.standing !== "taken" || ends.has(log)).map(showBranch);
}

export function showBranch({ log, standing, openedAtMs, head }: LogRow): Branch {
  return { log, standing, openedAt: timestamp(openedAtMs), head };
}

export function showDeliveries(
  row: PollRow,
  marks: readonly Watermark[],
  cursor: number,
  presence: LinkPresence,
  texts: Texts,
): Deliveries {
  const undelivered = new Map(presence.connected().map((link) => [link.station, link.undelivered]));
  return {
    poll: row.id,
    provisional: isProvisional(row),
    certifiesAt: certifiesAt(row),
    stations: marks.map(({ station, missing, deliveredMs }) => ({
      ...nameStation(station, texts),
      delivered: deliveredMs === null ? null : timestamp(deliveredMs),
      missing,
      undelivered: undelivered.get(station) ?? null,
    })),
    cursor,
  };
}

function certifiesAt({ state, certify, closed, barrier }: PollRow): string | null {
  if (state !== "closed" || certify === "by-hand" || closed === null || barrier !== null) return null;
  return timestamp(patienceEndsMs(closed));
}

/** Ballots that came after the certificate, without their tags. */
export async function showLate(row: PollRow, cursor: number, ledger: Ledger, texts: Texts): Promise<LateBallots> {
  const rows = await ledger.lateBallots(row.id, MAX_LATE_SHOWN);
  const stations = new Map<string, string>();
  for (const log of new Set(rows.map((ballot) => ballot.log))) {
    const known = await ledger.log(log);
    if (known === undefined) throw new Error(`a late ballot of an unknown log: ${log}`);
    stations.set(log, known.station);
  }
  const ballots = rows.map(({ log, number, atMs, synced, option, weight }) => ({
    ...nameStation(stations.get(log) ?? "", texts),
    log,
    number,
    castAt: timestamp(atMs),
    synchronised: synced,
    option,
    weight,
  }));
  // Some may have come since the row was read.
  return { poll: row.id, total: Math.max(row.late, ballots.length), ballots, cursor };
}
