/** One port has several names: `--reader` may name a reader's port by one, and the finder by another. */
import type { FoundDevice } from "./finder.ts";
import type { ReaderSpec } from "./spec.ts";

/** Where a path leads to, links followed; undefined where it leads nowhere now. Never throws. */
export type RealPath = (path: string) => string | undefined;

const SERIAL = "serial:";

/** Devices that are no port of these readers under another name. */
export function othersThan(
  readers: readonly (ReaderSpec | null)[],
  devices: readonly FoundDevice[],
  realPath: RealPath,
): readonly FoundDevice[] {
  if (!devices.some(({ kind }) => kind === "serial")) return devices;
  const taken = new Set(readers.flatMap((spec) => (spec?.kind === "serial" ? (realPath(spec.path) ?? []) : [])));
  return devices.filter(({ kind, id }) => {
    const real = kind === "serial" ? realPath(id.slice(SERIAL.length)) : undefined;
    return real === undefined || !taken.has(real);
  });
}
