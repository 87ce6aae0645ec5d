/** Who this station is, and where it belongs: its key, its enrolment, and what became of it. */
import { join } from "node:path";
import { makeFolder } from "../files/make-folder.ts";
import { readWhole, writeWhole } from "../files/whole-file.ts";
import { directoryRemedy, StationUnusable } from "../files/station-unusable.ts";
import { newStationKeyPem, stationKey, type StationKey } from "./ed25519.ts";
import { openEnrolment, type Enrolment } from "./enrolment.ts";
import { openMark, type Mark } from "./mark.ts";
import { parsed } from "./parsed.ts";
import type { Seal } from "./seal.ts";

export interface Identity {
  key: StationKey;
  enrolment(): Enrolment | undefined;
  /** On disk before it returns. Throws when the disk does not take it. */
  enrol(enrolment: Enrolment): void;
  /** The event key is destroyed before it returns, for good. Throws when the disk does not take it. */
  forgetKey(): void;
  /** That the key is destroyed is said in the log. */
  saidForgot: Mark;
  /** The organiser took this station out of the event. */
  revoked: Mark;
}

/**
 * Open the identity in a data directory, making the key at first use. Throws `StationUnusable`.
 * @param seal how the event key is kept; null: plain, in a file that only its owner may read
 */
export function openIdentity(directory: string, seal: Seal | null): Identity {
  const keyPath = join(directory, "station-key.pem");
  try {
    makeFolder(directory);
    const key = parsed(keyPath, readWhole(keyPath) ?? makeKey(keyPath), stationKey);
    const enrolment = openEnrolment(directory, seal);
    const saidForgot = openMark(directory, "forgot", "The event key is destroyed, and the station's log says so.");
    const revoked = openMark(directory, "revoked", "The organiser took this station out of the event.");
    return {
      key,
      enrolment: enrolment.current,
      enrol(fresh) {
        // They were about the event before.
        for (const mark of [saidForgot, revoked]) mark.set(false);
        enrolment.write(fresh);
      },
      forgetKey: enrolment.destroyKey,
      saidForgot,
      revoked,
    };
  } catch (error) {
    if (error instanceof StationUnusable) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    throw new StationUnusable(
      "data-directory",
      `The station's data directory ${directory} cannot be used (${cause}). ${directoryRemedy(error)}`,
      { cause: error },
    );
  }
}

function makeKey(path: string): string {
  const pem = newStationKeyPem();
  writeWhole(path, pem);
  return pem;
}
