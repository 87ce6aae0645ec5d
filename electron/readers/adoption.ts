/** How a device found comes under our control. */
import { MAX_READERS, type Target } from "../../shared/domain/mapping.ts";
import type { RefusalWhy } from "./desk-refusals.ts";
import type { Ears } from "./ears.ts";
import type { FoundDevice } from "./finder.ts";
import { fitName, type KeptReader } from "./kept-mapping.ts";
import { adopt, retarget } from "./mapping-edits.ts";
import type { OwnMapping } from "./mapping-keeper.ts";
import { lineOf } from "./reader-views.ts";
import { formatAsked, parseReaderSpec } from "./spec.ts";

/** A disk that did not take the change may do so later. */
const AGAIN_MS = 5_000;

export interface Adoption {
  /** The operator wants it. Null when it is in use and on disk. */
  take(device: FoundDevice, target: Target | null): Promise<RefusalWhy | null>;
  /** The command line wants every device of its kind: unless the operator let this one go, or the disk did not take it just now. */
  takeUnasked(device: FoundDevice): void;
  letGo(id: string): void;
}

export interface AdoptionSurroundings {
  mapping: Pick<OwnMapping, "readers" | "edit">;
  ears: Pick<Ears, "at" | "release" | "resume">;
  setTimer: (run: () => void, delayMs: number) => () => void;
}

export function createAdoption({ mapping, ears, setTimer }: AdoptionSurroundings): Adoption {
  const notUnasked = new Set<string>();

  const adoptNow = async (device: FoundDevice, target: Target | null): Promise<RefusalWhy | null> => {
    const reader = readerOf(device, ears.at(device.id)?.found?.spec ?? device.spec, target);
    if (reader === null) return "device-not-heard";
    if (mapping.readers().length >= MAX_READERS) return "too-many-readers";
    await ears.release(device.id);
    const refused = mapping.edit(adopt(reader));
    if (refused !== null) ears.resume(device.id);
    return refused;
  };
  return {
    async take(device, target) {
      const refused = await adoptNow(device, target);
      // Somebody was quicker: what it stands for is still to be said.
      return refused === "device-in-use" ? mapping.edit(retarget(device.id, target)) : refused;
    },
    takeUnasked(device) {
      const { id, trouble, spec } = device;
      if (trouble !== null || spec === null || notUnasked.has(id)) return;
      notUnasked.add(id);
      void adoptNow(device, null).then((refused) => {
        // One in use is not found again before it is let go, and let go by hand is for good; a disk that fails is not.
        if (refused === null) notUnasked.delete(id);
        else setTimer(() => notUnasked.delete(id), AGAIN_MS);
      });
    },
    letGo: (id) => void notUnasked.add(id),
  };
}

/** Null while nobody knows what it is. */
function readerOf({ id, port }: FoundDevice, spec: string | null, target: Target | null): KeptReader | null {
  const parsed = spec === null ? null : parseReaderSpec(spec);
  if (spec === null || parsed === null || !parsed.ok) return null;
  const { name, sameTapMs: gapMs } = parsed.spec;
  const origin = { kind: "found" as const, spec, port: port === null ? null : lineOf(port) };
  return { id, name: fitName(name), target, format: formatAsked(parsed.spec), gapMs, origin };
}
