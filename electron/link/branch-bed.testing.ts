/** For tests only: stations with logs on disk, and a server that folds like the real one, over a wire that keeps order. */
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import { decodeBatch, encodeBatch, hashRecords } from "../../shared/domain/batch.ts";
import type { Change } from "../../shared/domain/entry.ts";
import { foldEntry } from "../../shared/domain/fold.ts";
import type { Folded } from "../../shared/domain/folded.ts";
import { createMemoryProjection } from "../../shared/domain/memory-projection.ts";
import {
  batchToSign,
  decodeHeader,
  encodeHeader,
  encodeRecord,
  firstHash,
  headerToSign,
  nextHash,
} from "../../shared/domain/record.ts";
import { decodeRecord, type LogPlace, type LogRecord } from "../../shared/domain/record.ts";
import { stationId } from "../../shared/link/handshake.ts";
import { FRAME, STANDING_CODES, type Frame } from "../../shared/link/frames.ts";
import { newStationKeyPem, stationKey } from "../identity/ed25519.ts";
import { sha256 } from "../log/log-bed.testing.ts";
import { openLogInProcess } from "../log/log-in-process.testing.ts";
import { createOwnLogs } from "../log/own-logs.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import type { Branch } from "./standings.ts";

export const EVENT = new Uint8Array(16).fill(12);
/** Where the disk fails: before or after logs are made anew, or it is noted that a server is going to hear of one. */
export type Fault = "before-salvage" | "after-salvage" | "before-note" | "after-note";

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
/** Longer than anything takes here: a question and its answer are a few turns. */
const QUIET_TURNS = 60;

export async function settle(): Promise<void> {
  for (let turns = 0; turns < QUIET_TURNS; turns++) await turn();
}

export function createBranchBed() {
  const key = stationKey(newStationKeyPem());
  const station = toHex(stationId(sha256, key.publicKey));
  const directories: string[] = [];
  const closers: (() => Promise<void>)[] = [];
  const newFile = () => {
    const directory = mkdtempSync(join(tmpdir(), "branches-"));
    directories.push(directory);
    return join(directory, "log.sqlite");
  };

  // The server.
  const entries: Change[] = [];
  let projection = createMemoryProjection();
  /** Records folded, by log. */
  let taken = new Map<string, { header: Uint8Array; records: LogRecord[] }>();
  const links = new Set<(frame: Frame) => void>();
  let frames = 0;
  const foldOnly = (change: Change): Folded => {
    const position = entries.push(change);
    const folded = foldEntry(projection, sha256, { position, atMs: position, change });
    if (change.kind === "log-opened" && folded.kind === "log") {
      if (!taken.has(folded.log)) taken.set(folded.log, { header: change.header, records: [] });
    }
    const batch = change.kind === "batch" ? decodeBatch(change.batch) : undefined;
    if (batch !== undefined && folded.kind === "batch" && folded.ignored === null) {
      const records = taken.get(folded.log)?.records ?? [];
      records.push(...batch.records.slice(records.length + 1 - batch.first));
    }
    return folded;
  };
  const standings = () => new Map([...projection.logsOf(station)].map(({ log, standing }) => [log, standing]));
  const standingFrame = (log: string): Frame => [
    FRAME.standing,
    bytesOfHex(log),
    STANDING_CODES[projection.log(log)?.standing ?? "taken"],
  ];
  const fold = (change: Change): Folded => {
    const before = standings();
    const folded = foldOnly(change);
    for (const [log, standing] of standings())
      if (standing !== (before.get(log) ?? "taken")) for (const tell of links) tell(standingFrame(log));
    return folded;
  };
  const hashAt = (log: string, number: number): Uint8Array | null => {
    const known = taken.get(log);
    if (known === undefined || number > known.records.length) return null;
    return hashRecords(sha256, firstHash(sha256, known.header), known.records.slice(0, number));
  };
  const ackOf = (log: string): Frame => {
    const row = projection.log(log);
    if (row === undefined) throw new Error("an ack of no log");
    return [FRAME.ack, bytesOfHex(log), row.head, row.hash, []];
  };
  /** The server's answers to a frame, or why the link ends. */
  const answer = (frame: Frame): Frame[] | "gap" => {
    frames += 1;
    if (frame[0] === FRAME.log) {
      const folded = fold({ kind: "log-opened", header: frame[1], signature: frame[2] });
      if (folded.kind !== "log") throw new Error(`a header was ${JSON.stringify(folded)}`);
      const aside = projection.log(folded.log)?.standing !== "taken";
      return [ackOf(folded.log), ...(aside ? [standingFrame(folded.log)] : [])];
    }
    if (frame[0] === FRAME.where) return [[FRAME.place, frame[1], frame[2], hashAt(toHex(frame[1]), frame[2])]];
    if (frame[0] !== FRAME.batch) throw new Error(`unexpected frame ${frame[0]}`);
    const folded = fold({ kind: "batch", batch: frame[1], hashAfter: null });
    if (folded.kind !== "batch") throw new Error(`a batch was ${JSON.stringify(folded)}`);
    return folded.ignored === "gap" || folded.ignored === "diverged" ? "gap" : [ackOf(folded.log)];
  };
  const start = () => {
    projection = createMemoryProjection();
    taken = new Map();
    for (const change of entries.splice(0)) foldOnly(change);
  };
  entries.push(
    { kind: "event-created", event: toHex(EVENT) },
    { kind: "station-admitted", station, key: key.publicKey },
  );
  start();

  return {
    key,
    newFile,
    server: {
      fold,
      entries,
      taken: (log: string) => taken.get(log)?.records ?? [],
      logs: () => [...taken.keys()],
      parentOf: (log: string) => decodeHeader(taken.get(log)?.header ?? new Uint8Array())?.parent ?? null,
      standing: (log: string) => projection.log(log)?.standing,
      frames: () => frames,
      /** As a backup had it. */
      restore(count: number) {
        entries.splice(count);
        start();
      },
      /** What another process with the same key and the same memory adds to a log. */
      write(log: string, records: LogRecord[]) {
        const first = (taken.get(log)?.records.length ?? 0) + 1;
        const hashBefore = hashAt(log, first - 1) ?? new Uint8Array(32);
        const span = { log: bytesOfHex(log), first, count: records.length, hashBefore };
        const signature = key.sign(batchToSign({ ...span, hashAfter: hashRecords(sha256, hashBefore, records) }));
        fold({ kind: "batch", batch: encodeBatch({ ...span, records, signature }), hashAfter: null });
      },
    },
    /** As many empty openings, each continuing the one before; their ids, oldest first. */
    async beginMany(file: string, count: number): Promise<string[]> {
      const store = openLogInProcess(file);
      let parent: LogPlace | null = null;
      const ids: string[] = [];
      for (let opening = 0; opening < count; opening++) {
        const log = new Uint8Array(randomBytes(16));
        const header = encodeHeader({ log, station: bytesOfHex(station), event: EVENT, openedAtMs: opening, parent });
        const hash = firstHash(sha256, header);
        await store.begin({ log, header, signature: key.sign(headerToSign(header)), hash });
        parent = { log, number: 0, hash };
        ids.push(toHex(log));
      }
      await store.close();
      return ids;
    },
    /** A station's process on a log file. */
    async open(file: string, event = EVENT) {
      const store = openLogInProcess(file);
      closers.push(store.close);
      const branches: Branch[] = [];
      const troubles: string[] = [];
      let salvages = 0;
      let fault: Fault | null = null;
      let live = 0;
      const own = createOwnLogs({
        store,
        key,
        openedAtMs: 1_000,
        logMs: () => 77,
        randomBytes: (length) => new Uint8Array(randomBytes(length)),
        sha256,
      });
      const outbox: Outbox = createOutbox({
        store,
        sign: (bytes) => key.sign(bytes),
        sha256,
        current: own.current,
        async salvage(...asked) {
          if (fault === "before-salvage") throw new Error(fault);
          const made = await own.salvage(...asked);
          if (fault === "after-salvage") throw new Error(fault);
          return made;
        },
        async hear(log) {
          if (fault === "before-note") throw new Error(fault);
          await own.hear(log);
          if (fault === "after-note") throw new Error(fault);
        },
        soon: (run) => void setImmediate(run),
        onVerdict: () => {},
        onChange: () => {},
        onSalvaged: () => void (salvages += 1),
        onBranch: (branch) => void branches.push(branch),
        onTrouble: (reason) => void troubles.push(reason),
      });
      for (const found of own.foundOf(event)) outbox.add(found);
      outbox.add(await own.begin(event));
      const hear = (link: number, frame: Frame) =>
        setImmediate(() => {
          if (link !== live) return;
          if (frame[0] === FRAME.standing) outbox.onStanding(frame);
          if (frame[0] === FRAME.place && !outbox.onPlace(frame)) troubles.push("a place nobody asked for");
          if (frame[0] === FRAME.ack)
            void outbox.onAck(frame).then((fits) => (fits ? undefined : end("another history")));
        });
      let tell: (frame: Frame) => void = () => {};
      const end = (why: string | null) => {
        if (why !== null) troubles.push(why);
        live += 1;
        links.delete(tell);
        outbox.disconnected();
      };
      const connect = () => {
        end(null);
        const link = live;
        tell = (frame) => void hear(link, frame);
        links.add(tell);
        for (const [log, standing] of standings()) if (standing !== "taken") tell(standingFrame(log));
        outbox.connected((frame) =>
          setImmediate(() => {
            if (link !== live) return;
            const answers = answer(frame);
            if (answers === "gap") end("gap");
            else answers.forEach((said) => void hear(link, said));
          }),
        );
      };
      return {
        own,
        outbox,
        branches,
        troubles,
        salvages: () => salvages,
        current: () => own.current() ?? "",
        /** From now on the disk fails there, or the power. */
        fail: (at: Fault | null) => void (fault = at),
        /** A record for a log that is named. */
        async storeIn(log: string, record: LogRecord) {
          const stored = await store.append(encodeRecord(record), log);
          if (stored.ok) outbox.stored(stored, record);
        },
        async store(...records: LogRecord[]) {
          for (const record of records) {
            const stored = await store.append(encodeRecord(record));
            if (stored.ok) outbox.stored(stored, record);
          }
        },
        /** All records of a log on this disk, checked against its hash. */
        async recordsOf(log: string): Promise<LogRecord[]> {
          const { hashBefore, records } = await store.read(bytesOfHex(log), 1, 100_000);
          const hash = records.reduce((before, record) => nextHash(sha256, before, record), hashBefore);
          const again = await store.read(bytesOfHex(log), records.length + 1, 0);
          if (toHex(hash) !== toHex(again.hashBefore)) throw new Error("a log's running hash is wrong");
          return records.flatMap((bytes) => decodeRecord(bytes) ?? []);
        },
        async online() {
          connect();
          await settle();
        },
        offline: () => end(null),
        async close() {
          end(null);
          await store.close();
        },
      };
    },
    copy(from: string): string {
      const file = newFile();
      copyFileSync(from, file);
      return file;
    },
    async clear() {
      for (const close of closers.splice(0)) await close();
      for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
    },
  };
}
