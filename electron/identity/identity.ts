/** Who this station is, and where it belongs: its key, and after enrolment the event, its key and the server's key. */
import { join } from "node:path";
import * as v from "valibot";
import { fromHex, toHex } from "../../shared/bytes.ts";
import { makeFolder } from "../files/make-folder.ts";
import { readWhole, writeWhole } from "../files/whole-file.ts";
import { StationUnusable } from "../files/station-unusable.ts";
import { newStationKeyPem, stationKey, type StationKey } from "./ed25519.ts";

/** What the server told when it admitted the station. The server's key is pinned from then on. */
export interface Enrolment {
  event: Uint8Array;
  eventKey: Uint8Array;
  serverKey: Uint8Array;
}

export interface Identity {
  key: StationKey;
  enrolment(): Enrolment | undefined;
  /** On disk before it returns. Throws when the disk does not take it. */
  enrol(enrolment: Enrolment): void;
}

const HexOf = (bytes: number) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)),
    v.transform((text) => fromHex(text) ?? new Uint8Array()),
  );
const EnrolmentFile = v.strictObject({ event: HexOf(16), eventKey: HexOf(32), serverKey: HexOf(32) });

/** Open the identity in a data directory, making the key at first use. Throws `StationUnusable`. */
export function openIdentity(directory: string): Identity {
  const keyPath = join(directory, "station-key.pem");
  const enrolmentPath = join(directory, "enrolment.json");
  try {
    makeFolder(directory);
    const key = parsed(keyPath, readWhole(keyPath) ?? makeKey(keyPath), stationKey);
    const text = readWhole(enrolmentPath);
    let enrolment = text === undefined ? undefined : parsed(enrolmentPath, text, parseEnrolment);
    return {
      key,
      enrolment: () => enrolment,
      enrol(fresh) {
        const { event, eventKey, serverKey } = fresh;
        const file = { event: toHex(event), eventKey: toHex(eventKey), serverKey: toHex(serverKey) };
        writeWhole(enrolmentPath, JSON.stringify(file));
        enrolment = fresh;
      },
    };
  } catch (error) {
    if (error instanceof StationUnusable) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    throw new StationUnusable(
      "data-directory",
      `The station's data directory ${directory} cannot be used (${cause}). Make it readable and writable for this ` +
        `user, or name another with --data.`,
      { cause: error },
    );
  }
}

function parseEnrolment(text: string): Enrolment {
  return v.parse(EnrolmentFile, JSON.parse(text));
}

/** What a file says; throws `StationUnusable` when it says nothing that can be understood. */
function parsed<Content>(path: string, text: string, parse: (text: string) => Content): Content {
  try {
    return parse(text);
  } catch (error) {
    throw new StationUnusable(
      "data-corrupt",
      `The station's file ${path} is damaged. Put it back from a backup, or move it away and enrol this station again.`,
      { cause: error },
    );
  }
}

function makeKey(path: string): string {
  const pem = newStationKeyPem();
  writeWhole(path, pem);
  return pem;
}
