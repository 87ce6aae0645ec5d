/**
 * Is the open file still the one at its path? An open file outlives its name: after somebody removed or replaced it, commits
 * would go on succeeding into a file that is gone with the process. Likewise one that was cut short: a commit behind the cut
 * is not found again.
 */
import { statSync } from "node:fs";
import { DamagedFile } from "./log-database.ts";

/** The open file is whole, and no longer what stands at its path. */
export class MovedFile extends Error {
  readonly path: string;

  constructor(path: string, what: "removed" | "replaced") {
    super(`${path} was ${what}`);
    this.path = path;
  }
}
/** The open file is shorter than it was. */
export class CutFile extends DamagedFile {}

export interface FileGuard {
  /** Throws `MovedFile` or `CutFile`. Two looks at the folder, some microseconds. */
  look(): void;
  /** Is the file at the path the open one, whole or not? */
  stands(): boolean;
}

interface Seen {
  device: bigint;
  inode: bigint;
  bytes: bigint;
}

/** @param path of a database that is open by now, in WAL mode */
export function createFileGuard(path: string): FileGuard {
  const own = seenAt(path);
  const files = [path, `${path}-wal`].map((name) => ({ name, seen: seenAt(name) }));
  return {
    look() {
      for (const file of files) {
        const now = seenAt(file.name);
        // SQLite makes the write-ahead log when it first needs it.
        if (file.seen !== undefined) compare(file.name, file.seen, now);
        file.seen = now;
      }
    },
    stands() {
      const now = seenAt(path);
      return now !== undefined && own !== undefined && now.inode === own.inode && now.device === own.device;
    },
  };
}

function compare(name: string, before: Seen, now: Seen | undefined): void {
  if (now === undefined) throw new MovedFile(name, "removed");
  if (now.inode !== before.inode || now.device !== before.device) throw new MovedFile(name, "replaced");
  // Nothing is ever vacuumed, and the write-ahead log is used again from its beginning without being cut.
  if (now.bytes < before.bytes) throw new CutFile(`${name} was cut from ${before.bytes} to ${now.bytes} bytes`);
}

function seenAt(name: string): Seen | undefined {
  const stat = statSync(name, { bigint: true, throwIfNoEntry: false });
  return stat && { device: stat.dev, inode: stat.ino, bytes: stat.size };
}
