/**
 * Rows as they were written last. A ballot moves five fields of a poll's 23 and four of a log's 16, and to bind the others takes
 * longer than all the rest of writing them.
 */
export interface WrittenRows<Row> {
  /** The row is being written. True when it was before, and nothing has changed since but the fields that ballots move. */
  onlyMoved(row: Row): boolean;
}

/** @param moving the fields that ballots move. Rows are never changed in place, nor is what is in their other fields */
export function createWrittenRows<Row extends object>(
  keyOf: (row: Row) => string,
  moving: readonly (keyof Row)[],
): WrittenRows<Row> {
  const written = new Map<string, Row>();
  const isMoving: ReadonlySet<PropertyKey> = new Set(moving);
  return {
    onlyMoved(row) {
      const before = written.get(keyOf(row));
      written.set(keyOf(row), row);
      if (before === undefined) return false;
      for (const name in row) if (row[name] !== before[name] && !isMoving.has(name)) return false;
      return true;
    },
  };
}
