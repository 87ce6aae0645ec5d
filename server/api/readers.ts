/** What is known and wanted of a station's readers: which state an organiser saw, and how it is shown. */
import type { StationReaders } from "../../shared/api/readers.ts";
import type { Mapping } from "../../shared/domain/mapping.ts";
import type { MappingWish, StationRow } from "../../shared/domain/projection.ts";
import type { Standing } from "../ledger/ledger.ts";
import type { KnownReport, ReaderDesk } from "../readers/reader-desk.ts";
import type { RouteParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";
import { refusalProblem } from "./refusals.ts";
import { nameStation, timestamp } from "./views.ts";

/** What a change of readers is decided on. */
export interface ReadersState {
  /** Of the station's mapping; null: the station has not said it since the server's start. */
  revision: number | null;
  /** Position of the change that is pending; null for none. */
  pending: number | null;
}

/** The row of a station that was ever admitted. Throws the problem when there is none. */
export function stationOf({ stations }: Standing, id: string): StationRow {
  const row = stations.get(id);
  if (row === undefined) throw refusalProblem("unknown-station");
  return row;
}

function pendingOf({ wish }: StationRow): MappingWish | null {
  return wish !== null && wish.answer === null ? wish : null;
}

export function readersState(row: StationRow, desk: Pick<ReaderDesk, "reportOf">): ReadersState {
  const pending = pendingOf(row);
  // Of a station that is away the one who asked last knew best.
  const revision = desk.reportOf(row.station)?.revision ?? pending?.base ?? null;
  return { revision, pending: pending?.cursor ?? null };
}

/** `"<revision>"`, or `"<revision>+<cursor of the pending change>"`; null while the revision is not known. */
export function readersTag({ revision, pending }: ReadersState): string | null {
  if (revision === null) return null;
  return pending === null ? `"${revision}"` : `"${revision}+${pending}"`;
}

/** Header If-Match as `readersTag` has it. Throws the problem when there is none, or it is something else. */
export function askedState(header: string | undefined): { revision: number; pending: number | null } {
  if (header === undefined) {
    const detail = "Send If-Match with the ETag of GET /api/v1/stations/{id}/readers, so that nobody's change is lost.";
    throw new ProblemError("no-if-match", detail);
  }
  const [, revision, pending] = /^\s*"(\d{1,15})(?:\+(\d{1,15}))?"\s*$/.exec(header) ?? [];
  if (revision !== undefined) {
    return { revision: Number(revision), pending: pending === undefined ? null : Number(pending) };
  }
  throw new ProblemError("invalid-request", 'If-Match takes a revision in double quotes, such as "3" or "3+42".', {
    errors: [{ in: "header", pointer: "/if-match", detail: 'must be a revision such as "3"' }],
  });
}

/** Throws the problem when the readers are not as the asker saw them, as far as the server knows. */
export function checkReadersUnmoved(asked: { revision: number; pending: number | null }, now: ReadersState): void {
  if (asked.pending === now.pending && (now.revision === null || asked.revision === now.revision)) return;
  const what =
    asked.pending === now.pending
      ? `The station's mapping is at revision ${now.revision}.`
      : now.pending === null
        ? "The change that was pending was answered."
        : "Another change is pending.";
  const tag = readersTag(now);
  const detail = `${what} Read the readers again and decide anew.`;
  throw new ProblemError("moved-on", detail, tag === null ? {} : { headers: { etag: tag } });
}

export function mappingNow(report: KnownReport | undefined): Mapping | undefined {
  if (report === undefined) return undefined;
  return { revision: report.revision, readers: report.readers.map(({ id, name, target }) => ({ id, name, target })) };
}

export function showReaders(row: StationRow, { desk, texts }: Pick<RouteParts, "desk" | "texts">): StationReaders {
  const { station, wish } = row;
  const report = desk.reportOf(station);
  const shown = wish && {
    cursor: wish.cursor,
    base: wish.base,
    readers: texts.readerList(station, wish.hash) ?? null,
  };
  const why = wish?.answer ?? null;
  return {
    ...nameStation(station, texts),
    connected: desk.isHere(station),
    reported: report === undefined ? null : showReport(report),
    pending: shown && why === null ? { ...shown, notStored: desk.notStoredOf(station) === shown.cursor } : null,
    refused: shown && why !== null && why !== "taken" ? { ...shown, why } : null,
  };
}

function showReport({ atMs, revision, testMode, readers }: KnownReport): NonNullable<StationReaders["reported"]> {
  return {
    at: timestamp(atMs),
    revision,
    testMode,
    readers: readers.map(({ lastTapMs, ...reader }) => ({
      ...reader,
      lastTapAt: lastTapMs === null ? null : timestamp(lastTapMs),
    })),
  };
}
