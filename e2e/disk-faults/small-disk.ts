/** A real disk of a few hundred kilobytes, where root may mount one: filled, emptied, and made read-only. */
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { atEnd } from "../rig/at-end.ts";
import { openScratch } from "../rig/scratch.ts";

export interface SmallDisk {
  /** An empty folder on it. */
  readonly folder: string;
  fill(): void;
  free(): void;
  /** Throws while a program writes there: the kernel refuses it then. */
  makeReadOnly(): void;
  makeWritable(): void;
  /** Gone, also while a program is still there; without it at the end of the test's process. */
  unmount(): void;
}

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`mount ${args.join(" ")}: ${stderr}`);
}

/** @param kib room on it, in KiB */
export function openSmallDisk(kib: number): SmallDisk {
  const folder = openScratch("small-disk");
  mount("-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", folder);
  const unmount = () => void spawnSync("umount", ["-l", folder]);
  atEnd(unmount);
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill() {
      // Piece by piece, to the last page.
      for (let size = kib * 1024; size >= 4096; size = Math.floor(size / 2)) {
        try {
          for (;;) writeFileSync(ballast, Buffer.alloc(size), { flag: "a" });
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
        }
      }
    },
    free: () => rmSync(ballast),
    makeReadOnly: () => mount("-o", "remount,ro", folder),
    makeWritable: () => mount("-o", "remount,rw", folder),
    unmount,
  };
}

/** May this test mount one? Suites that need it say by name that they were not run. */
export const CAN_MOUNT = process.platform === "linux" && process.getuid?.() === 0 && mounts();
export const NO_MOUNT = CAN_MOUNT ? "" : " (not run: mounting a small disk is not permitted here)";

function mounts(): boolean {
  try {
    openSmallDisk(64).unmount();
    return true;
  } catch {
    return false;
  }
}
