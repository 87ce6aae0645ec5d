/** The beginning of a log: one for each opening of the data directory, continuing the one before. */
import { toHex } from "../../shared/bytes.ts";
import { encodeHeader, firstHash, headerToSign, type Sha256 } from "../../shared/domain/record.ts";
import { stationId } from "../../shared/link/handshake.ts";
import { ID_BYTES } from "../../shared/schemas.ts";
import type { StationKey } from "../identity/ed25519.ts";
import type { StoredLog } from "./log-messages.ts";
import type { StationLog } from "./station-log.ts";

export interface LogOpeningSurroundings {
  store: Pick<StationLog, "found" | "begin">;
  key: StationKey;
  /** The station's wall clock when the records' milliseconds were 0. */
  openedAtMs: number;
  randomBytes: (length: number) => Uint8Array;
  sha256: Sha256;
}

export interface LogOpening {
  /** The id of the log that records go to now, hexadecimal; undefined before there is one. */
  log(): string | undefined;
  /** Sign and store the header of this opening's log; it is on disk when this resolves. */
  begin(event: Uint8Array): Promise<StoredLog>;
}

export function createLogOpening(around: LogOpeningSurroundings): LogOpening {
  const { store, key, openedAtMs, sha256 } = around;
  let begun: StoredLog | undefined;
  let beginning: { event: string; log: Promise<StoredLog> } | undefined;
  const beginOne = async (event: Uint8Array): Promise<StoredLog> => {
    const log = new Uint8Array(around.randomBytes(ID_BYTES));
    const last = store.found.at(-1);
    const parent = last === undefined ? null : { log: last.log, number: last.head, hash: last.hash };
    const header = encodeHeader({ log, station: stationId(sha256, key.publicKey), event, openedAtMs, parent });
    const signature = key.sign(headerToSign(header));
    const hash = firstHash(sha256, header);
    await store.begin(log, header, signature, hash);
    begun = { log, header, signature, head: 0, hash, acked: 0, others: [] };
    return begun;
  };
  return {
    log: () => begun && toHex(begun.log),
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
  };
}
