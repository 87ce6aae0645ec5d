/**
 * Is the open file still the one at its path? An open file outlives its name: after somebody removed or replaced it, commits
 * would go on succeeding into a file that is gone with the process. Likewise one that was cut short: a commit behind the cut
 * is not found again.
 */
import { statSync } from "node:fs";
import { LedgerFaultError } from "./ledger-fault.ts";

/** What is open is, or may be, whole; what stands at the path is not it. */
export class MisplacedFile extends LedgerFaultError {}

export interface FileGuard {
  /** Throws `MisplacedFile`: "removed", "replaced", or "corrupt" when it is shorter than it was. */
  look(): void;
}

interface Seen {
  device: bigint;
  inode: bigint;
  bytes: bigint;
}

/** @param path of a database that is open by now, in WAL mode */
export function createFileGuard(path: string): FileGuard {
  const file = { name: path, seen: seenAt(path) };
  const wal = { name: `${path}-wal`, seen: seenAt(`${path}-wal`) };
  return {
    look() {
      for (const one of [file, wal]) {
        const now = seenAt(one.name);
        // SQLite makes the write-ahead log when it first needs it.
        if (one.seen !== undefined) compare(one.name, one.seen, now, one === file);
        one.seen = now;
      }
    },
  };
}

/** @param isFile not its write-ahead log, which is of no use to anybody without it */
function compare(name: string, before: Seen, now: Seen | undefined, isFile: boolean): void {
  if (now === undefined) throw new MisplacedFile("removed", `${name} was removed while the server runs`);
  if (now.inode !== before.inode || now.device !== before.device)
    throw new MisplacedFile(isFile ? "replaced" : "removed", `${name} was replaced while the server runs`);
  // Nothing is ever vacuumed, and the write-ahead log is used again from its beginning without being cut.
  if (now.bytes < before.bytes)
    throw new MisplacedFile(
      "corrupt",
      `${name} was cut from ${before.bytes} to ${now.bytes} bytes while the server runs`,
    );
}

function seenAt(name: string): Seen | undefined {
  const stat = statSync(name, { bigint: true, throwIfNoEntry: false });
  return stat && { device: stat.dev, inode: stat.ino, bytes: stat.size };
}
