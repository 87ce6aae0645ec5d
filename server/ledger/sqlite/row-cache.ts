/** Whole tables in memory, and which of their rows are not written yet. */
import type { LogRow } from "../../../shared/domain/projection.ts";

export interface RowCache<Row> {
  rows: ReadonlyMap<string, Row>;
  /** What is stored takes the place of what was in memory. */
  fill(stored: readonly Row[]): void;
  put(row: Row): void;
  /** The rows put since it was last asked, as they are now. */
  takeChanged(): Row[];
}

export function createRowCache<Row>(keyOf: (row: Row) => string): RowCache<Row> {
  const rows = new Map<string, Row>();
  const changed = new Map<string, Row>();
  return {
    rows,
    fill(stored) {
      rows.clear();
      changed.clear();
      for (const row of stored) rows.set(keyOf(row), row);
    },
    put(row) {
      rows.set(keyOf(row), row);
      changed.set(keyOf(row), row);
    },
    takeChanged() {
      const taken = [...changed.values()];
      changed.clear();
      return taken;
    },
  };
}

export interface LogCache extends RowCache<LogRow> {
  /** In the order they were put first: a live list, as it is asked for with every batch. */
  of(station: string): readonly LogRow[];
}

/** Logs, and those of each station side by side. */
export function createLogCache(): LogCache {
  const cache = createRowCache<LogRow>((row) => row.log);
  const byStation = new Map<string, LogRow[]>();
  /** Where in its station's list a log stands. */
  const places = new Map<string, number>();
  function place(row: LogRow): void {
    const list = byStation.get(row.station) ?? [];
    byStation.set(row.station, list);
    const at = places.get(row.log) ?? list.length;
    places.set(row.log, at);
    list[at] = row;
  }
  return {
    rows: cache.rows,
    fill(stored) {
      cache.fill(stored);
      byStation.clear();
      places.clear();
      for (const row of stored) place(row);
    },
    put(row) {
      cache.put(row);
      place(row);
    },
    takeChanged: cache.takeChanged,
    of: (station) => byStation.get(station) ?? [],
  };
}
