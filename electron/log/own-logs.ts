/**
 * The logs of this station at its event: beginning one for each opening of the data directory, salvaging what another
 * process got in the way of, and which of them are ends that nothing goes on from.
 */
import { sameBytes, toHex } from "../../shared/bytes.ts";
import { decodeHeader, encodeHeader, firstHash, headerToSign } from "../../shared/domain/record.ts";
import type { LogHeader, LogPlace, Sha256 } from "../../shared/domain/record.ts";
import { stationId } from "../../shared/link/handshake.ts";
import { ID_BYTES } from "../../shared/schemas.ts";
import type { StationKey } from "../identity/ed25519.ts";
import { inheritFrom, type HeadedLog } from "./heirs.ts";
import type { NewLog, StoredLog } from "./log-messages.ts";
import { movedId } from "./moved-id.ts";
import type { StationLog } from "./station-log.ts";

export interface OwnLogsSurroundings {
  store: Pick<StationLog, "found" | "begin" | "salvage" | "foresee" | "heard" | "standing">;
  key: StationKey;
  /** The station's wall clock when the records' milliseconds were 0. */
  openedAtMs: number;
  /** Milliseconds since then. */
  logMs: () => number;
  randomBytes: (length: number) => Uint8Array;
  sha256: Sha256;
}

/** A log that nothing goes on from. */
interface LeafLog {
  /** Hexadecimal. */
  log: string;
  /** What a record that is stored in it now has as its time, milliseconds since the log's opening. */
  ms: number;
}

/** What was made in a salvage, parents before children, and which logs are no more. */
interface OwnSalvage {
  made: StoredLog[];
  /** Hexadecimal. */
  gone: string[];
}

export interface OwnLogs {
  /** The id of the log that records go to now, hexadecimal; undefined before there is one. */
  current(): string | undefined;
  /** The current log, and what was salvaged of older ones. */
  leaves(): LeafLog[];
  /** The logs found on disk that belong to this event, oldest first. */
  foundOf(event: Uint8Array): StoredLog[];
  /**
   * The file was opened anew: what is on disk is what was found there. The current log stays what it was until another is
   * begun; nothing can be stored in it.
   */
  reopened(): void;
  /** Sign and store the header of this opening's log; it is on disk when this resolves. */
  begin(event: Uint8Array): Promise<StoredLog>;
  /**
   * Move what a log holds after a number to a new log that goes on from there, on disk when this resolves. Null when there
   * was nothing to move. Of the current log there always is: from now on it is another process's.
   * With it, and at once, its heirs move behind it (heirs.ts).
   * @param next the running hash after the first record that moves; null when there is none
   */
  salvage(header: Uint8Array, after: LogPlace, next: Uint8Array | null): Promise<OwnSalvage | null>;
  /**
   * A server is going to hear of a log: noted on disk when this resolves. Before it hears, not after it said so: of a log that
   * it knows, while the disk does not, the records would move to another and be there twice. The other way round, a log
   * is kept under its name without need.
   */
  hear(log: Uint8Array): Promise<void>;
}

export function createOwnLogs(around: OwnLogsSurroundings): OwnLogs {
  const { store, key, sha256 } = around;
  const station = stationId(sha256, key.publicKey);
  // What was rescued from a damaged file (rescue.ts) comes without: it is the same each time, so it need not be kept.
  const signed = (log: StoredLog): StoredLog =>
    log.signature.length > 0 ? log : { ...log, signature: key.sign(headerToSign(log.header)) };
  let found = store.found.map(signed);
  /** Those found and made, oldest first. */
  let known = found.map(withHeader);
  let current: HeadedLog | undefined;
  let beginning: { event: string; log: Promise<StoredLog> } | undefined;

  const newLog = (header: Omit<LogHeader, "log" | "station">, id?: Uint8Array): NewLog => {
    const log = id ?? new Uint8Array(around.randomBytes(ID_BYTES));
    const bytes = encodeHeader({ log, station, ...header });
    return { log, header: bytes, signature: key.sign(headerToSign(bytes)), hash: firstHash(sha256, bytes) };
  };
  const beginOne = async (event: Uint8Array): Promise<StoredLog> => {
    const last = known.findLast(({ stored, header }) => stored.wasCurrent && sameBytes(header.event, event));
    const parent = last === undefined ? null : placeOf(last.stored);
    const fresh = newLog({ event, openedAtMs: around.openedAtMs, parent });
    await store.begin(fresh);
    // As the server will say: what goes on from a branch that was set aside or rejected is the same branch.
    const standing = last?.stored.standing ?? "taken";
    if (standing !== "taken") store.standing(fresh.log, standing);
    const begun: StoredLog = {
      ...fresh,
      head: 0,
      lastMs: 0,
      acked: 0,
      others: [],
      standing,
      wasCurrent: true,
      heard: false,
    };
    current = withHeader(begun);
    known.push(current);
    return begun;
  };
  const isEnd = ({ stored }: HeadedLog) =>
    !known.some(({ header: { parent } }) => parent !== null && sameBytes(parent.log, stored.log));

  const own: OwnLogs = {
    current: () => current && toHex(current.stored.log),
    leaves() {
      if (current === undefined) return [];
      const { event } = current.header;
      const salvaged = known.filter(
        (log) => !log.stored.wasCurrent && sameBytes(log.header.event, event) && isEnd(log),
      );
      return [
        { log: toHex(current.stored.log), ms: around.logMs() },
        ...salvaged.map(({ stored }) => ({ log: toHex(stored.log), ms: stored.lastMs })),
      ];
    },
    reopened() {
      found = store.found.map(signed);
      known = found.map(withHeader);
      beginning = undefined;
    },
    foundOf: (event) => found.filter(({ header }) => sameBytes(headerOf(header).event, event)),
    async begin(event) {
      // Asked again when the link broke meanwhile, or the enrolment after it could not be stored: the log is there.
      if (beginning?.event === toHex(event)) return beginning.log;
      const started = { event: toHex(event), log: beginOne(event) };
      beginning = started;
      try {
        return await started.log;
      } catch (error) {
        if (beginning === started) beginning = undefined;
        throw error;
      }
    },
    async salvage(header, after, next) {
      const { event, openedAtMs } = headerOf(header);
      const id = next === null ? undefined : movedId(sha256, after.log, next);
      const to = newLog({ event, openedAtMs, parent: after }, id);
      const heirs = await inheritFrom(known, after.log, { after: after.number, to }, store, (heir, parent) =>
        newLog({ event, openedAtMs: heir.openedAtMs, parent }, movedId(sha256, heir.log, parent.hash)),
      );
      const salvaged = await store.salvage(after.log, after.number, to, heirs);
      if (salvaged === null) return null;
      const made = [salvaged.log, ...salvaged.heirs].map(withHeader);
      const gone = heirs.map(({ from }) => toHex(from));
      known = [...known.filter(({ stored }) => !gone.includes(toHex(stored.log))), ...made];
      const replaced = [toHex(after.log), ...gone];
      current = made[replaced.findIndex((log) => log === own.current())] ?? current;
      return { made: made.map(({ stored }) => stored), gone };
    },
    async hear(log) {
      const heard = known.find(({ stored }) => sameBytes(stored.log, log));
      if (heard === undefined || heard.stored.heard) return;
      await store.heard(log);
      heard.stored.heard = true;
    },
  };
  return own;
}

function withHeader(stored: StoredLog): HeadedLog {
  return { stored, header: headerOf(stored.header) };
}

function headerOf(bytes: Uint8Array): LogHeader {
  const header = decodeHeader(bytes);
  if (header === undefined) throw new Error("a stored log's header cannot be read: the log file is damaged");
  return header;
}

function placeOf({ log, head, hash }: StoredLog): LogPlace {
  return { log, number: head, hash };
}
