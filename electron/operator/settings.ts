/**
 * What the operator chose, in one file of the data directory: the PIN's hash and the tries at it, the server's address, test
 * mode. A file that cannot be read is put aside and told of; the station votes without it.
 */
import { renameSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { readWhole, writeWhole } from "../files/whole-file.ts";
import { whole } from "../../shared/schemas.ts";
import { readServerAddress } from "../discovery/server-address.ts";
import { NO_TRIES } from "./pin.ts";
import { StoredPin } from "./pin-hash.ts";

export const SETTINGS_FILE = "operator.json";

const ServerUrl = v.pipe(
  v.string(),
  v.check((text) => {
    const read = readServerAddress(text);
    return read.ok && read.url === text;
  }, "must be a server's address"),
);

export const Settings = v.strictObject({
  /** Null: nobody chose one. */
  pin: v.nullable(StoredPin),
  tries: v.strictObject({ wrong: whole(0), waited: v.boolean() }),
  /** Chosen in the panel; null: nobody did. */
  server: v.nullable(ServerUrl),
  testing: v.boolean(),
});
export type Settings = v.InferOutput<typeof Settings>;

export const FIRST_SETTINGS: Settings = { pin: null, tries: NO_TRIES, server: null, testing: false };

type Kept = { ok: true } | { ok: false; error: unknown };

export interface SettingsStore {
  now(): Settings;
  /** The file could not be read at the start, and lies beside under this name; null when all was well. */
  damaged(): string | null;
  /** On disk when it says `ok`; else what was holds. */
  keep(change: Partial<Settings>): Kept;
  /** The same, but what is counted holds until the end of this run even where the disk does not take it. */
  count(tries: Settings["tries"]): Kept;
}

/** Never throws. */
export function openSettings(directory: string): SettingsStore {
  const path = join(directory, SETTINGS_FILE);
  const { settings, damaged } = readSettings(path);
  let now = settings;
  const keep = (change: Partial<Settings>): Kept => {
    const next = { ...now, ...change };
    try {
      writeWhole(path, JSON.stringify(next));
      now = next;
      return { ok: true };
    } catch (error) {
      return { ok: false, error };
    }
  };
  return {
    now: () => now,
    damaged: () => damaged,
    keep,
    count(tries) {
      now = { ...now, tries };
      return keep({});
    },
  };
}

function readSettings(path: string): { settings: Settings; damaged: string | null } {
  try {
    const text = readWhole(path);
    return { settings: text === undefined ? FIRST_SETTINGS : readSettingsText(text), damaged: null };
  } catch {
    return { settings: FIRST_SETTINGS, damaged: putAside(path) };
  }
}

/** Throws at what is not a settings file. */
export function readSettingsText(text: string): Settings {
  return v.parse(Settings, JSON.parse(text));
}

/** One name for all, so that they never fill a disk. */
function putAside(path: string): string {
  const aside = `${path}.damaged`;
  try {
    renameSync(path, aside);
    return aside;
  } catch {
    // It stays where it is, and the next change writes over it, if anything can.
    return path;
  }
}
