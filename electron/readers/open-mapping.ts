/** The mapping of a station: its file, what the command line says, and what goes wrong with them told to the journal. */
import { errorFields } from "../../shared/journal/error-fields.ts";
import type { Journal } from "../../shared/journal/journal.ts";
import type { StationEvents } from "../../shared/journal/station-events.ts";
import type { KeptReader } from "./kept-mapping.ts";
import { createMappingKeeper, type OwnMapping } from "./mapping-keeper.ts";
import { openMappingStore } from "./mapping-store.ts";
import { parseReaderSpec, type ReaderSpec } from "./spec.ts";
import { virtualSpecOf } from "./virtual.ts";

export interface OpenMappingOptions {
  /** The station's data directory. */
  directory: string;
  /** Readers of the command line. */
  asked: readonly ReaderSpec[];
  wallMs: () => number;
  note: Journal<StationEvents>["note"];
}

export function openMapping({ directory, asked, wallMs, note }: OpenMappingOptions): OwnMapping {
  return createMappingKeeper({
    store: openMappingStore(directory),
    asked,
    wallMs,
    onTrouble(trouble) {
      switch (trouble.kind) {
        case "damaged":
          return note("mapping.set-aside");
        case "unreadable":
          return note("mapping.unreadable", { code: errorFields(trouble.error).code });
        case "not-stored":
          return note("mapping.not-stored", { code: errorFields(trouble.error).code });
      }
    },
    onConflict: () => note("mapping.conflict"),
  });
}

/** What opens a reader of the mapping; null when this version does not understand it. */
export function specOf(asked: readonly ReaderSpec[]): (reader: KeptReader) => ReaderSpec | null {
  const byId = new Map(asked.map((spec) => [spec.id, spec]));
  return ({ id, origin }) => {
    if (origin.kind === "asked") return byId.get(id) ?? virtualSpecOf(id);
    const parsed = parseReaderSpec(origin.spec);
    return parsed.ok ? parsed.spec : null;
  };
}
