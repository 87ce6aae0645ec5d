/**
 * What the server told when it admitted the station, as a file. The event key is in it either plain or sealed by the
 * platform, and can be destroyed for good.
 *
 * The file with the key is written once and then only destroyed in place: written anew, it would leave a copy of the key
 * in the file system's free space. What changes later lies in files of its own.
 */
import { renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { fromHex, toHex } from "../../shared/bytes.ts";
import { EVENT_KEY_BYTES } from "../../shared/link/frames.ts";
import { syncFolder } from "../files/make-folder.ts";
import { overwrite } from "../files/overwrite.ts";
import { StationUnusable } from "../files/station-unusable.ts";
import { readWhole, writeWhole } from "../files/whole-file.ts";
import type { Seal } from "./seal.ts";
import { parsed } from "./parsed.ts";

/** The server's key is pinned from then on. */
export interface Enrolment {
  event: Uint8Array;
  /** Null once it was destroyed. */
  eventKey: Uint8Array | null;
  serverKey: Uint8Array;
}

const HexOf = (bytes: number) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)),
    v.transform((text) => fromHex(text) ?? new Uint8Array()),
  );
const SEALED = "sealed:";
/** In place of the key's characters. One that begins with it is being destroyed, whatever follows. */
const GONE = "x";
const EnrolmentFile = v.strictObject({
  event: HexOf(16),
  eventKey: v.nullable(
    v.pipe(v.string(), v.regex(new RegExp(`^([0-9a-f]{${EVENT_KEY_BYTES * 2}}|${SEALED}[0-9a-f]+|${GONE}.*)$`))),
  ),
  serverKey: HexOf(32),
});
type EnrolmentFile = v.InferOutput<typeof EnrolmentFile>;

export interface EnrolmentStore {
  current(): Enrolment | undefined;
  /** On disk before it returns. Throws when the disk does not take it. */
  write(enrolment: Enrolment): void;
  /** The event key is off the disk and out of memory when this returns. Throws when the disk does not take it. */
  destroyKey(): void;
}

/** Read the enrolment, and finish what a crash left half destroyed. Throws `StationUnusable`. */
export function openEnrolment(directory: string, seal: Seal | null): EnrolmentStore {
  const path = join(directory, "enrolment.json");
  finishSealing(path);
  const text = readWhole(path);
  const file = text === undefined ? undefined : parsed(path, text, (json) => v.parse(EnrolmentFile, JSON.parse(json)));
  let enrolment = file && { ...file, eventKey: openKey(path, file.eventKey, seal) };

  const write = ({ event, eventKey, serverKey }: Enrolment) => {
    const key = eventKey && keyText(eventKey, seal);
    // Of a sealing that the disk did not let finish: at the next start it would bring the old key back.
    rmSync(sealedBeside(path), { force: true });
    writeWhole(path, JSON.stringify({ event: toHex(event), eventKey: key, serverKey: toHex(serverKey) }));
  };
  const destroy = (kept: Enrolment) => {
    destroyStored(path);
    write({ ...kept, eventKey: null });
    kept.eventKey?.fill(0);
    enrolment = { ...kept, eventKey: null };
  };
  if (enrolment !== undefined && file?.eventKey?.startsWith(GONE) === true) destroy(enrolment);
  if (seal !== null && file?.eventKey?.startsWith(SEALED) === false && enrolment?.eventKey) {
    sealStored(path, { ...file, eventKey: enrolment.eventKey }, seal);
  }

  return {
    current: () => enrolment,
    write(fresh) {
      write(fresh);
      enrolment = fresh;
    },
    destroyKey() {
      if (enrolment !== undefined && enrolment.eventKey !== null) destroy(enrolment);
    },
  };
}

function keyText(key: Uint8Array, seal: Seal | null): string {
  return seal === null ? toHex(key) : `${SEALED}${toHex(seal.seal(key))}`;
}

/**
 * A key that was stored plain, before this station had a seal, is sealed. The sealed file lies whole beside the old one
 * before the old key is destroyed in place, and takes its name after that; a crash in between is finished at the next start.
 */
function sealStored(
  path: string,
  { event, eventKey, serverKey }: Enrolment & { eventKey: Uint8Array },
  seal: Seal,
): void {
  const key = keyText(eventKey, seal);
  // A key store that does not give back what it was given would lose the key.
  const again = seal.open(fromHex(key.slice(SEALED.length)) ?? new Uint8Array());
  if (again === undefined || toHex(again) !== toHex(eventKey)) return;
  try {
    writeWhole(sealedBeside(path), JSON.stringify({ event: toHex(event), eventKey: key, serverKey: toHex(serverKey) }));
    finishSealing(path);
  } catch {
    // A disk that takes nothing keeps no station from voting for this: the next start tries again.
  }
}

const sealedBeside = (path: string) => `${path}.sealed`;

function finishSealing(path: string): void {
  if (readWhole(sealedBeside(path)) === undefined) return;
  destroyStored(path);
  renameSync(sealedBeside(path), path);
  syncFolder(dirname(path));
}

/** Write over the key where it lies in the file. */
function destroyStored(path: string): void {
  const span = keySpan(readWhole(path) ?? "");
  if (span === undefined) return;
  // The first character first: then a crash in the middle of the rest leaves nothing that looks like a key.
  overwrite(path, span.from, GONE);
  overwrite(path, span.from, GONE.repeat(span.length));
}

/** Where the key's characters are in the file; it is ASCII throughout, so they are bytes. */
function keySpan(text: string): { from: number; length: number } | undefined {
  const found = /"eventKey":"([^"]*)"/d.exec(text)?.indices?.[1];
  return found && { from: found[0], length: found[1] - found[0] };
}

function openKey(path: string, text: EnrolmentFile["eventKey"], seal: Seal | null): Uint8Array | null {
  if (text === null || text.startsWith(GONE)) return null;
  if (!text.startsWith(SEALED)) return fromHex(text) ?? null;
  const key = seal?.open(fromHex(text.slice(SEALED.length)) ?? new Uint8Array());
  if (key?.length === EVENT_KEY_BYTES) return key;
  throw new StationUnusable(
    "key-sealed",
    `The event key in ${path} was sealed for the user who enrolled this station, and cannot be opened. Start the ` +
      `station as that user on that computer, in its own window (not headless); or move the file away and enrol this ` +
      `station again.`,
  );
}
