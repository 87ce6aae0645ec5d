/**
 * Files set aside: copies of a log file that was damaged or replaced, kept for the organiser beside the one in use, and never
 * deleted by this program. What comes in its place is put there so that a power cut at any moment leaves the old or the
 * new, never the new beside the old one's write-ahead log.
 */
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { syncFolder } from "../files/make-folder.ts";
import { DamagedFile } from "./log-database.ts";

/** What a person can do about it is to move them away; a disk that damages more than these is to be replaced. */
export const MAX_ASIDE = 5;

export type AsideWhy = "damaged" | "replaced";

/** Names of the files set aside beside a log file, oldest first; without their write-ahead logs. */
export function asideOf(path: string): string[] {
  const stem = basename(path, ".sqlite");
  const ours = new RegExp(`^${stem}\\.(?:damaged|replaced)-(\\d{8}T\\d{6}Z)(?:-\\d)?\\.sqlite$`);
  const timeOf = (name: string) => ours.exec(name)?.[1] ?? "";
  return readdirSync(dirname(path))
    .filter((name) => ours.test(name))
    .toSorted((a, b) => timeOf(a).localeCompare(timeOf(b)) || a.localeCompare(b));
}

/**
 * Copy what stands at the path aside, with its write-ahead log; on disk when this returns. Throws what the system says, and
 * `DamagedFile` when too many are there already.
 * @returns the copy's name, undefined when nothing stood there
 */
export function setAside(path: string, why: AsideWhy, nowMs: number): string | undefined {
  if (!existsSync(path)) return undefined;
  const before = asideOf(path);
  if (before.length >= MAX_ASIDE)
    throw new DamagedFile(`it is damaged again, and ${MAX_ASIDE} damaged files are kept beside it already`);
  const stem = basename(path, ".sqlite");
  const time = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const names = [`${stem}.${why}-${time}.sqlite`, ...[2, 3, 4, 5].map((n) => `${stem}.${why}-${time}-${n}.sqlite`)];
  const name = names.find((free) => !before.includes(free));
  if (name === undefined) throw new DamagedFile("it was damaged several times within a second");
  const to = join(dirname(path), name);
  try {
    // The write-ahead log first: a copy that has its name is whole.
    if (existsSync(`${path}-wal`)) copyWhole(`${path}-wal`, `${to}-wal`);
    copyWhole(path, to);
  } catch (error) {
    rmSync(`${to}-wal`, { force: true });
    throw error;
  }
  return name;
}

/** Where a new file is made before it may stand in the old one's place. */
export function newcomerPath(path: string): string {
  return `${path}.new`;
}

/** Put a finished and closed newcomer in the place of the old file, whose content is of no use any more. */
export function putInPlace(path: string): void {
  syncFile(newcomerPath(path));
  renameSync(newcomerPath(path), readyPath(path));
  syncFolder(dirname(path));
  finishPutting(path);
}

/** Also at each start: a power cut may have come in between. Nothing happens when there is nothing to finish. */
export function finishPutting(path: string): void {
  if (!existsSync(readyPath(path))) return;
  // Before the file: it would be replayed over the new one.
  rmSync(`${path}-wal`, { force: true });
  rmSync(`${path}-shm`, { force: true });
  syncFolder(dirname(path));
  renameSync(readyPath(path), path);
  syncFolder(dirname(path));
}

/** Its being there means that it is whole, and that all it replaces is of no use any more. */
function readyPath(path: string): string {
  return `${path}.ready`;
}

function copyWhole(from: string, to: string): void {
  const part = `${to}.part`;
  try {
    copyFileSync(from, part);
    syncFile(part);
    renameSync(part, to);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  syncFolder(dirname(to));
}

function syncFile(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
