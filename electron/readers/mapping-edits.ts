/** What may be changed of the readers under our control. Pure: the readers as they would be, or why not. */
import { MAX_READERS, type MappedReader, type Target, type UidFormat } from "../../shared/domain/mapping.ts";
import type { KeptReader } from "./kept-mapping.ts";

/** Codes of sentences (shared/sentences/readers.ts). */
export type EditWhy = "unknown-reader" | "too-many-readers" | "reader-fixed" | "device-in-use";
type Edited = { ok: true; readers: KeptReader[] } | { ok: false; why: EditWhy };
export type Edit = (readers: readonly KeptReader[]) => Edited;

export const retarget = (id: string, target: Target | null): Edit => change(id, { target });
export const rename = (id: string, name: string): Edit => change(id, { name });
export const setFormat = (id: string, format: UidFormat): Edit => change(id, { format });
export const setGap = (id: string, gapMs: number): Edit => change(id, { gapMs });

/** Each stands for what the other stood for. */
export function swapTargets(a: string, b: string): Edit {
  return (readers) => {
    const one = readers.find(({ id }) => id === a);
    const other = readers.find(({ id }) => id === b);
    if (one === undefined || other === undefined) return { ok: false, why: "unknown-reader" };
    const swapped = readers.map((reader) => {
      if (reader.id === a) return { ...reader, target: other.target };
      return reader.id === b ? { ...reader, target: one.target } : reader;
    });
    return { ok: true, readers: swapped };
  };
}

/** A device comes under our control. */
export function adopt(reader: KeptReader): Edit {
  return (readers) => {
    if (readers.some(({ id }) => id === reader.id)) return { ok: false, why: "device-in-use" };
    return readers.length < MAX_READERS
      ? { ok: true, readers: [...readers, reader] }
      : { ok: false, why: "too-many-readers" };
  };
}

/** A device is no longer under our control. */
export function drop(id: string): Edit {
  return (readers) => {
    const gone = readers.find((reader) => reader.id === id);
    if (gone === undefined) return { ok: false, why: "unknown-reader" };
    if (gone.origin.kind === "asked") return { ok: false, why: "reader-fixed" };
    return { ok: true, readers: readers.filter((reader) => reader.id !== id) };
  };
}

/** What an organiser wants of readers that are here; those not named stay as they are. */
export function fromAfar(wanted: readonly MappedReader[]): Edit {
  return (readers) => {
    const known = new Set(readers.map(({ id }) => id));
    if (wanted.some(({ id }) => !known.has(id))) return { ok: false, why: "unknown-reader" };
    const byId = new Map(wanted.map((reader) => [reader.id, reader]));
    const changed = readers.map((reader) => {
      const { name, target } = byId.get(reader.id) ?? reader;
      return { ...reader, name, target };
    });
    return { ok: true, readers: changed };
  };
}

function change(id: string, to: Partial<Pick<KeptReader, "target" | "name" | "format" | "gapMs">>): Edit {
  return (readers) =>
    readers.some((reader) => reader.id === id)
      ? { ok: true, readers: readers.map((reader) => (reader.id === id ? { ...reader, ...to } : reader)) }
      : { ok: false, why: "unknown-reader" };
}
