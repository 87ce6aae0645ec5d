/** A damaged log file set aside, and what still reads of it in a new one. */
import { copyFileSync, existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Sha256 } from "../../shared/domain/record.ts";
import { newcomerPath, setAside } from "./aside.ts";
import { rescue } from "./rescue.ts";

/**
 * Make the newcomer that is to be put in place once the damaged file is closed. It may be open now: closing it writes to it.
 * Throws what the system says when the disk does not take it, and `DamagedFile` when too many are set aside already.
 */
export function replaceDamaged(path: string, sha256: Sha256, nowMs: number): void {
  const aside = setAside(path, "damaged", nowMs);
  if (aside === undefined) throw new Error(`${path} is gone`);
  const kept = join(dirname(path), aside);
  // Reading it writes to it, too; what is kept stays as it was found.
  const scratch = `${path}.rescue`;
  const files = ["", "-wal", "-shm", "-journal"].map((suffix) => `${scratch}${suffix}`);
  try {
    for (const suffix of ["", "-wal"]) {
      rmSync(`${scratch}${suffix}`, { force: true });
      if (existsSync(`${kept}${suffix}`)) copyFileSync(`${kept}${suffix}`, `${scratch}${suffix}`);
    }
    rescue(scratch, newcomerPath(path), sha256, aside);
  } finally {
    for (const file of files) rmSync(file, { force: true });
  }
}
