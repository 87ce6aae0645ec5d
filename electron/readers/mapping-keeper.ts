/**
 * The station's mapping as others may see and change it: the operator's panel here, an organiser from afar. Whoever
 * changes it from afar names the revision he saw; what changed since makes it a conflict, which is shown and never merged.
 */
import type { MappedReader, Mapping } from "../../shared/domain/mapping.ts";
import { beginMapping, follow, type KeptReader, NOTHING_KEPT, seenByOthers } from "./kept-mapping.ts";
import { type Edit, type EditWhy, fromAfar } from "./mapping-edits.ts";
import type { KeptRead, MappingStore } from "./mapping-store.ts";
import type { ReaderSpec } from "./spec.ts";

type MappingChange =
  | { ok: true; mapping: Mapping }
  /** `mapping` is the one that holds. */
  | { ok: false; why: "conflict" | "unknown-reader" | "not-stored"; mapping: Mapping };

/** An organiser's change that was made on another revision than the one that held. */
interface MappingConflict {
  /** The revision that the organiser saw. */
  revision: number;
  /** By the station's calendar, milliseconds since 1970. */
  atMs: number;
}

interface MappingKeeper {
  now(): Mapping;
  /**
   * Rename and re-target readers that are here, from afar. Readers that are not named stay as they are; none is added,
   * for where a device is plugged is nobody's business but the station's. Resolves when it is on disk, or refused.
   * A change that would change nothing is no conflict, so it may be sent again.
   * @param base the revision that the organiser saw
   */
  change(base: number, readers: readonly MappedReader[]): Promise<MappingChange>;
  /** Called after each change of the mapping and of its conflict, whoever made it; until the function given back is called. */
  onChange(run: () => void): () => void;
  /** A change from afar that was refused because something had changed here; null once it was dismissed. */
  conflict(): MappingConflict | null;
}

/** The mapping as the readers room itself sees and changes it. */
export interface OwnMapping extends MappingKeeper {
  /** What was kept could not be had at the start; null when all was well. */
  lost(): "damaged" | "unreadable" | null;
  readers(): readonly KeptReader[];
  /** Null when it is on disk. */
  edit(edit: Edit): EditWhy | "mapping-not-stored" | null;
  dismissConflict(): void;
}

/** What went wrong with the file of the mapping. */
export type MappingTrouble =
  Extract<KeptRead, { kind: "damaged" | "unreadable" }> | { kind: "not-stored"; error: unknown };

export interface MappingSurroundings {
  store: MappingStore;
  /** Readers of the command line. */
  asked: readonly ReaderSpec[];
  wallMs: () => number;
  onTrouble: (trouble: MappingTrouble) => void;
  /** A change from afar was refused, because something had changed here. */
  onConflict: () => void;
}

export function createMappingKeeper(around: MappingSurroundings): OwnMapping {
  const { store } = around;
  const listeners = new Set<() => void>();
  const read = store.read();
  if (read.kind === "damaged" || read.kind === "unreadable") around.onTrouble(read);
  const before = read.kind === "kept" ? read.mapping : NOTHING_KEPT;
  let kept = beginMapping(before, around.asked);
  let conflict: MappingConflict | null = null;

  /** To the disk first: nobody is told of what a restart would undo. */
  const keep = (next: typeof kept): boolean => {
    try {
      store.write(next);
      return true;
    } catch (error) {
      around.onTrouble({ kind: "not-stored", error });
      return false;
    }
  };
  // A station without readers leaves no file, and one that could not be read is left alone. What the command line says it
  // says again at the next start: a disk that does not take it keeps nobody from voting.
  if (read.kind !== "unreadable" && JSON.stringify(kept) !== JSON.stringify(before)) keep(kept);

  const tell = () => {
    for (const run of listeners) run();
  };
  const now = (): Mapping => ({ revision: kept.revision, readers: kept.readers.map(seenByOthers) });
  const edit = (change: Edit): EditWhy | "mapping-not-stored" | null => {
    const edited = change(kept.readers);
    if (!edited.ok) return edited.why;
    if (same(edited.readers, kept.readers)) return null;
    const next = follow(kept, edited.readers);
    if (!keep(next)) return "mapping-not-stored";
    kept = next;
    tell();
    return null;
  };

  return {
    lost: () => (read.kind === "damaged" || read.kind === "unreadable" ? read.kind : null),
    now,
    readers: () => kept.readers,
    edit,
    change(base, readers) {
      const changes = fromAfar(readers);
      const edited = changes(kept.readers);
      if (edited.ok && base !== kept.revision && !same(edited.readers, kept.readers)) {
        conflict = { revision: base, atMs: around.wallMs() };
        around.onConflict();
        tell();
        return Promise.resolve({ ok: false, why: "conflict", mapping: now() });
      }
      const refused = edit(changes);
      if (refused === "unknown-reader") return Promise.resolve({ ok: false, why: refused, mapping: now() });
      if (refused === "mapping-not-stored") return Promise.resolve({ ok: false, why: "not-stored", mapping: now() });
      if (refused !== null) throw new Error(`a change from afar was refused as ${refused}`);
      dismiss();
      return Promise.resolve({ ok: true, mapping: now() });
    },
    onChange(run) {
      listeners.add(run);
      return () => void listeners.delete(run);
    },
    conflict: () => conflict,
    dismissConflict: dismiss,
  };

  function dismiss(): void {
    if (conflict === null) return;
    conflict = null;
    tell();
  }
}

function same(a: readonly KeptReader[], b: readonly KeptReader[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
