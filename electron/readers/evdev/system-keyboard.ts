/** The real keyboards of a Linux machine. */
import { stat } from "node:fs/promises";
import { BY_PATH, isByPath } from "./evdev-spec.ts";
import type { EvdevFinderDeps } from "./finder.ts";
import { grabKeyboard } from "./grab-keyboard.ts";
import { findProgram } from "./keyboard-child.ts";
import type { EvdevDeps, Located } from "./keyboard.ts";
import { readKeyboards, SYSTEM_ROOTS, type Keyboard, type Roots } from "./keyboards.ts";
import { listenToKeyboard } from "./listen-keyboard.ts";

/** Fifty readers that look each second read the folders of the machine twice in it, not fifty times. */
const LOOK_KEPT_MS = 500;

const after: EvdevDeps["after"] = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

export const systemEvdevDeps: EvdevDeps = {
  locate: createLocator(SYSTEM_ROOTS, Date.now),
  grab: grabKeyboard,
  after,
  nowMs: Date.now,
  random: Math.random,
};

export const systemEvdevFinderDeps: EvdevFinderDeps = {
  isLinux: process.platform === "linux",
  list: () => readKeyboards(),
  hasEvtest: () => findProgram("evtest") !== undefined,
  listen: listenToKeyboard,
  after,
};

/** @param nowMs any clock */
export function createLocator(roots: Roots, nowMs: () => number): (place: string) => Promise<Located> {
  let keyboards: Promise<Keyboard[]> = Promise.resolve([]);
  let readAtMs = Number.NEGATIVE_INFINITY;
  return async (place) => {
    // A clock that was set back must not make this list last.
    if (Math.abs(nowMs() - readAtMs) >= LOOK_KEPT_MS) {
      readAtMs = nowMs();
      keyboards = readKeyboards(roots);
    }
    const isPath = place.startsWith("/");
    const path = isPath ? place : (await keyboards).find((keyboard) => keyboard.place === place)?.node;
    if (path === undefined) return { look: { kind: "missing" }, path: isByPath(place) ? `${BY_PATH}/${place}` : place };
    return { look: await lookAt(path), path };
  };
}

/** Inode, device number and birth: a keyboard that comes back gets a new node even where it gets the old name. */
async function lookAt(path: string): Promise<Located["look"]> {
  try {
    const { dev, ino, rdev, birthtimeMs } = await stat(path);
    return { kind: "device", mark: `${dev}:${ino}:${rdev}:${birthtimeMs}` };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return { kind: code === "ENOENT" || code === "ENOTDIR" ? "missing" : "unknown" };
  }
}
