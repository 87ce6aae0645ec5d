/** A station without readers or disk: the real link protocol, and batches of exactly the size that is asked for. */
import { randomBytes } from "node:crypto";
import { encodeBatch, hashRecords } from "../shared/domain/batch.ts";
import { batchToSign, encodeHeader, firstHash, headerToSign, type LogRecord } from "../shared/domain/record.ts";
import { FRAME, decodeFrame } from "../shared/link/frames.ts";
import { stationId } from "../shared/link/handshake.ts";
import { HEARTBEAT_MS, MAX_BATCHES_IN_FLIGHT } from "../shared/link/limits.ts";
import { ID_BYTES } from "../shared/schemas.ts";
import { openAdmitted, sha256, type StationKey } from "./link-greeting.ts";

export interface LinkClient {
  /** With which the same station connects again. */
  readonly key: StationKey;
  /** Send these records as one batch; resolves when there is room for the next. */
  send(records: readonly LogRecord[]): Promise<void>;
  /** The next batch, signed and framed, so that nobody waits for it later. To be posted in this order. */
  sign(records: readonly LogRecord[]): Buffer;
  /** Send what was signed; resolves when there is room for the next. */
  post(signed: Buffer): Promise<void>;
  /** Resolves when the server has acknowledged all that was posted. */
  drained(): Promise<void>;
  /** Be told of every message other than an ack; the bytes are only good until it returns. */
  onOther(take: (bytes: Buffer, from: number, to: number) => void): void;
  close(): void;
}

/** Connect and begin a log. @param admit is given a new station's code, and enrols it @param again a station there is */
export async function openLink(
  server: string,
  admit: (code: string) => Promise<unknown>,
  again?: StationKey,
): Promise<LinkClient> {
  const link = await openAdmitted(server, admit, again);
  const { key, event } = link;
  const log = new Uint8Array(randomBytes(ID_BYTES));
  const station = stationId(sha256, key.publicKey);
  const header = encodeHeader({ log, station, event, openedAtMs: Date.now(), parent: null });
  let [hash, number] = [firstHash(sha256, header), 0];
  link.write(link.frame([FRAME.log, header, key.sign(headerToSign(header)), number, hash]));
  await link.next((frame) => (frame[0] === FRAME.ack ? frame : undefined));

  /** Records in each batch that is signed and not posted. */
  const signed: number[] = [];
  let onOther = (_bytes: Buffer, _from: number, _to: number) => {};
  const flight = createFlight();
  link.divert((bytes, from, to) => {
    if (bytes[from + 1] === FRAME.ack) flight.acked(bytes.subarray(from, to));
    else onOther(bytes, from, to);
  });
  const ping = link.frame([FRAME.ping, 1]);
  const beating = setInterval(() => link.write(ping), HEARTBEAT_MS);
  void link.ended.then((why) => {
    clearInterval(beating);
    flight.end(why);
  });
  const client: LinkClient = {
    key,
    sign(records) {
      const [hashBefore, first] = [hash, number + 1];
      hash = hashRecords(sha256, hashBefore, records);
      number += records.length;
      const signature = key.sign(batchToSign({ log, first, count: records.length, hashBefore, hashAfter: hash }));
      signed.push(records.length);
      return link.frame([FRAME.batch, encodeBatch({ log, first, hashBefore, records: [...records], signature })]);
    },
    post(framed) {
      flight.posted(signed.shift() ?? 0);
      link.write(framed);
      return flight.untilAtMost(MAX_BATCHES_IN_FLIGHT - 1);
    },
    send: (records) => client.post(client.sign(records)),
    drained: flight.drained,
    onOther: (take) => void (onOther = take),
    close: () => link.close(),
  };
  return client;
}

/** Batches on their way, and whoever waits for them to arrive. */
function createFlight() {
  const posted = { batches: 0, records: 0 };
  let acked = 0;
  let lastAck: Uint8Array = new Uint8Array();
  let ended: string | undefined;
  let waiting: (() => void)[] = [];
  const stir = () => {
    const all = waiting;
    waiting = [];
    for (const wake of all) wake();
  };
  const untilAtMost = async (batches: number) => {
    while (posted.batches - acked > batches) {
      if (ended !== undefined) throw new Error(ended);
      await new Promise<void>((resolve) => void waiting.push(resolve));
    }
  };
  return {
    untilAtMost,
    posted(records: number) {
      posted.batches += 1;
      posted.records += records;
    },
    /** Every batch is answered by one ack; only the last is read. */
    acked(ack: Uint8Array) {
      acked += 1;
      if (acked === posted.batches) lastAck = new Uint8Array(ack);
      stir();
    },
    end(why: string) {
      ended = why;
      stir();
    },
    async drained() {
      await untilAtMost(0);
      if (posted.batches === 0) return;
      const read = decodeFrame(lastAck);
      const head = read.ok && read.frame[0] === FRAME.ack ? read.frame[2] : undefined;
      if (head !== posted.records) throw new Error(`the server acknowledged ${head} of ${posted.records} records`);
    },
  };
}
