/** The one row of the projection about itself: how far it is folded, and what there is once per event. */
import type { DatabaseSync } from "node:sqlite";
import * as v from "valibot";
import { LfBits } from "../../../shared/domain/event-settings.ts";
import { checkedField, damaged, jsonField, numberField, numberOrNull, textOrNull } from "./stored-fields.ts";

export interface FoldedRow {
  /** Position of the last entry folded. */
  cursor: number;
  event: string | undefined;
  /** Hashes of the chunks of the roll in force. */
  roll: readonly string[];
  keyDestroyed: number | null;
  lfBits: LfBits;
}

const Roll = v.array(v.string());

export function createFoldedRow(database: DatabaseSync) {
  const stored = database.prepare("SELECT * FROM folded, folded_roll");
  const put = database.prepare("UPDATE folded SET cursor = ?, event = ?, key_destroyed = ?, lf_bits = ?");
  const putRoll = database.prepare("UPDATE folded_roll SET roll = ?");
  return {
    read(): FoldedRow {
      const row = stored.get() ?? damaged("folded");
      return {
        cursor: numberField(row, "cursor"),
        event: textOrNull(row, "event") ?? undefined,
        roll: jsonField(row, "roll", Roll),
        keyDestroyed: numberOrNull(row, "key_destroyed"),
        lfBits: checkedField(row, "lf_bits", LfBits),
      };
    },
    /** Everything but the roll. */
    write({ cursor, event, keyDestroyed, lfBits }: FoldedRow): void {
      put.run(cursor, event ?? null, keyDestroyed, lfBits);
    },
    writeRoll({ roll }: FoldedRow): void {
      putRoll.run(JSON.stringify(roll));
    },
  };
}
