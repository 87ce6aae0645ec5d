/** The roll of the projection: its chunks as they came, and of the one in force each tag by itself. */
import type { DatabaseSync } from "node:sqlite";
import { LfBits } from "../../../shared/domain/event-settings.ts";
import type { Projection } from "../../../shared/domain/projection.ts";
import type { Entitled } from "../../../shared/domain/roll.ts";
import { bytesField, checkedField, numberField, numberOrNull, type StoredRow } from "./stored-fields.ts";

export interface RollTable extends Pick<Projection, "entitled" | "rollChunk" | "putRollChunk"> {
  replace(tags: Iterable<Entitled>): void;
  size(): { tags: number; voters: number };
  /** Every tag, in order. */
  all(): Entitled[];
}

export function createRollTable(database: DatabaseSync): RollTable {
  const chunk = database.prepare("SELECT bytes, lf_bits FROM roll_chunks WHERE hash = ?");
  const putChunk = database.prepare(
    "INSERT INTO roll_chunks VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET lf_bits = excluded.lf_bits",
  );
  const clear = database.prepare("DELETE FROM roll");
  const put = database.prepare("INSERT OR REPLACE INTO roll VALUES (?, ?, ?, ?)");
  const find = database.prepare("SELECT * FROM roll WHERE tag = ?");
  const count = database.prepare("SELECT count(*) AS tags, count(DISTINCT voter) AS voters FROM roll");
  const every = database.prepare("SELECT * FROM roll ORDER BY tag");
  const any = database.prepare("SELECT 1 FROM roll LIMIT 1");
  // Most events have none, and then each ballot is spared a look at an empty table.
  let empty = any.get() === undefined;
  return {
    entitled(tagKey) {
      const row = empty ? undefined : find.get(tagKey);
      return row && readEntitled(row);
    },
    rollChunk(hash) {
      const row = chunk.get(hash);
      return row && { bytes: bytesField(row, "bytes"), lfBits: notedBits(row) };
    },
    putRollChunk: (hash, { bytes, lfBits }) => void putChunk.run(hash, bytes, lfBits),
    replace(tags) {
      clear.run();
      empty = true;
      for (const { tagKey, voter, weight, group } of tags) {
        put.run(tagKey, voter, weight, group);
        empty = false;
      }
    },
    size() {
      const row = count.get();
      return row === undefined
        ? { tags: 0, voters: 0 }
        : { tags: numberField(row, "tags"), voters: numberField(row, "voters") };
    },
    all: () => every.all().map(readEntitled),
  };
}

function notedBits(row: StoredRow): LfBits | null {
  return numberOrNull(row, "lf_bits") === null ? null : checkedField(row, "lf_bits", LfBits);
}

function readEntitled(row: StoredRow): Entitled {
  return {
    tagKey: bytesField(row, "tag"),
    voter: numberField(row, "voter"),
    weight: numberField(row, "weight"),
    group: numberField(row, "grp"),
  };
}
