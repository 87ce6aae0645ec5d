/** The mapping on disk: one small file, whole or not at all. */
import { renameSync, statSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { readWhole, writeWhole } from "../files/whole-file.ts";
import { KeptMapping } from "./kept-mapping.ts";

export const MAPPING_FILE = "readers.json";
/** One that could not be read stays for whoever wants to look; a later one takes its place. */
export const DAMAGED_FILE = `${MAPPING_FILE}.damaged`;

/** A hundred readers with the longest of everything, six bytes for each character that JSON escapes, are about 1 MB. */
export const MAX_FILE_BYTES = 2_000_000;

export type KeptRead =
  | { kind: "kept"; mapping: KeptMapping }
  | { kind: "none" }
  /** It was no mapping, and lies aside. */
  | { kind: "damaged" }
  /** The disk does not give it, or not aside. */
  | { kind: "unreadable"; error: unknown };

export interface MappingStore {
  /** Never throws. */
  read(): KeptRead;
  /** On disk when it returns; throws when it is not, and then what was there before still is. */
  write(mapping: KeptMapping): void;
}

export function openMappingStore(directory: string): MappingStore {
  const path = join(directory, MAPPING_FILE);
  return {
    read() {
      try {
        const size = statSync(path, { throwIfNoEntry: false })?.size;
        if (size === undefined) return { kind: "none" };
        const mapping = size > MAX_FILE_BYTES ? null : parseMapping(readWhole(path) ?? "");
        if (mapping !== null) return { kind: "kept", mapping };
        renameSync(path, join(directory, DAMAGED_FILE));
        return { kind: "damaged" };
      } catch (error) {
        return { kind: "unreadable", error };
      }
    },
    write: (mapping) => writeWhole(path, formatMapping(mapping)),
  };
}

/** For people, too: each field on a line of its own. */
export function formatMapping(mapping: KeptMapping): string {
  return `${JSON.stringify(v.parse(KeptMapping, mapping), null, 2)}\n`;
}

/** Null for anything that this program would not have written. */
export function parseMapping(text: string): KeptMapping | null {
  try {
    const parsed = v.safeParse(KeptMapping, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
