/**
 * The outbox: what of the station's logs the server has not acknowledged, sent in order, log after log.
 *
 * Nothing is remembered per batch: an ack says up to where the server is, and after a new connection everything begins
 * anew from there. Where the server's history of a log is another than ours, what only we have is salvaged first.
 */
import { sameBytes, toHex } from "../../shared/bytes.ts";
import type { LogRecord, Sha256 } from "../../shared/domain/record.ts";
import type { Verdict } from "../../shared/domain/verdict.ts";
import { standingOf, type Frame, type FrameOf } from "../../shared/link/frames.ts";
import type { Stored } from "../log/append-runs.ts";
import type { StoredLog } from "../log/log-messages.ts";
import type { StationLog } from "../log/station-log.ts";
import { createFreshRecords } from "./fresh-records.ts";
import { createHistory } from "./history.ts";
import { createOpenings, type OpeningsSurroundings } from "./openings.ts";
import { createPump } from "./pump.ts";
import { createRepair, type RepairSurroundings } from "./repair.ts";
import { mayGoOn, sendingOf, waitingIn, type Sending } from "./sending.ts";
import { createStandings, type Branch } from "./standings.ts";
import { toldVerdicts } from "./told-verdicts.ts";

export interface OutboxSurroundings
  extends Pick<RepairSurroundings, "current" | "salvage">, Pick<OpeningsSurroundings, "hear"> {
  store: Pick<StationLog, "read" | "acked" | "standing">;
  sign: (bytes: Uint8Array) => Uint8Array;
  sha256: Sha256;
  /** Run once what is going on now is done: records stored at the same moment make one batch. */
  soon: (run: () => void) => void;
  /** A ballot of a log, acknowledged just now. */
  onVerdict: (log: string, number: number, verdict: Verdict) => void;
  onChange: () => void;
  /** There is a log now that was not there before, by a salvage. */
  onSalvaged: () => void;
  onBranch: (branch: Branch) => void;
  /** The log could not be read back; the link should be tried anew later. */
  onTrouble: (reason: string) => void;
}

export interface Outbox {
  /** Ballots on this disk which the server has not acknowledged. */
  waiting(): number;
  /** A log was found or begun, the newest last; one that is here already is not taken twice. */
  add(log: StoredLog): void;
  /** A ballot is on its way to the disk, the only one: what will be sent of it is made ready meanwhile. */
  coming(ballot: LogRecord, bytes: Uint8Array): void;
  /** The disk was opened anew: none of the logs is what it was, and the link must begin anew, too. */
  clear(): void;
  /** A record was stored. */
  stored(place: Extract<Stored, { ok: true }>, record: LogRecord): void;
  /** The link is up: open the logs, and send what the server turns out to lack. */
  connected(send: (frame: Frame) => void): void;
  disconnected(): void;
  /**
   * False when the server's history of the log is another than the one it had. Rejects when the disk does not say. Acks
   * are taken one after another, and those of a connection that is gone not at all.
   */
  onAck(ack: FrameOf<"ack">): Promise<boolean>;
  onStanding(standing: FrameOf<"standing">): void;
  /** False when nobody asked. */
  onPlace(place: FrameOf<"place">): boolean;
}

export function createOutbox(around: OutboxSurroundings): Outbox {
  const { store, onVerdict, onChange } = around;
  const logs: Sending[] = [];
  let send: ((frame: Frame) => void) | null = null;
  /** Ends when the acks so far are taken: they must not overtake each other while the disk is read. */
  let acks: Promise<unknown> = Promise.resolve();
  let pumpIsDue = false;

  const find = (id: string) => logs.find((log) => log.id === id);
  const fresh = createFreshRecords();
  const pump = createPump({ ...around, logs, fresh });
  const history = createHistory({
    send(frame) {
      send?.(frame);
      return send !== null;
    },
    hashAt: (log, number) => hashAt(log, number),
  });
  const { repair, isMoving } = createRepair({
    ...around,
    logs,
    history,
    hashAt: (log, number) => hashAt(log, number),
    add: (log) => add(log),
  });
  const standings = createStandings({
    own: () => logs.map(({ id, stored }) => ({ id, standing: stored.standing, current: id === around.current() })),
    onBranch: around.onBranch,
  });

  const openings = createOpenings({ ...around, logs, isMoving, onHeldBack: () => change() });
  /** Our running hash after record `number`: in memory, or from the disk. */
  const hashAt = async (log: Uint8Array, number: number): Promise<Uint8Array> => {
    const id = toHex(log);
    const known = find(id);
    if (known?.stored.head === number) return known.stored.hash;
    return pump.hashAt(id, number) ?? fresh.hashAt(id, number) ?? (await store.read(log, number + 1, 0)).hashBefore;
  };
  const add = (stored: StoredLog) => {
    if (find(toHex(stored.log)) !== undefined) return;
    const log = sendingOf(stored);
    logs.push(log);
    openings.add(log);
  };
  const change = () => {
    openings.next();
    if (openings.needsAnotherLink()) around.onTrouble("One link does not take all logs: the others go on the next.");
    standings.look();
    onChange();
    void pump.run();
  };
  const judge = ({ id, stored }: Sending) => {
    const standing = standings.settle(id);
    if (standing !== stored.standing) store.standing(stored.log, standing);
    stored.standing = standing;
  };
  const noteAcked = ({ stored }: Sending, upTo: number) => {
    if (upTo > stored.acked) store.acked(stored.log, upTo);
    stored.acked = upTo;
  };

  const takeAck = async (link: typeof send, [, id, upTo, hash, exceptions]: FrameOf<"ack">): Promise<boolean> => {
    if (link === null || send !== link) return true;
    const log = find(toHex(id));
    if (log === undefined) return false;
    // Nothing of it is sent until it is known where to begin, so nothing is acknowledged.
    if (log.state === "comparing") return true;
    if (log.state === "unopened") return false;
    const answersHeader = log.state === "opening";
    const ours = upTo > log.stored.head ? undefined : await hashAt(id, upTo);
    if (send !== link) return true;
    if (ours === undefined || !sameBytes(ours, hash)) {
      if (!answersHeader) return false;
      log.state = "comparing";
      compare(log, upTo).catch((error: unknown) =>
        around.onTrouble(error instanceof Error ? error.message : String(error)),
      );
      return true;
    }
    pump.acked(log.id, upTo);
    const before = log.stored.acked;
    // Only the answer to a header may go back: that is a server restored from a backup. And it says nothing of how the
    // ballots up to there were judged.
    if (answersHeader) goOn(log, upTo);
    else {
      noteAcked(log, Math.max(before, upTo));
      for (const [number, verdict] of toldVerdicts(before, upTo, exceptions)) onVerdict(log.id, number, verdict);
    }
    change();
    return true;
  };
  const goOn = (log: Sending, from: number) => {
    log.state = "open";
    log.sent = from;
    noteAcked(log, from);
    judge(log);
  };
  const compare = async (log: Sending, theirHead: number) => {
    const link = send;
    const repaired = await repair(log, theirHead, () => send === link);
    if (repaired.kind === "gone") return;
    if (repaired.kind === "cut") around.onSalvaged();
    // Said anew, so that the server does not wait for what is elsewhere now; then all of this log is there.
    if (send === link && repaired.kind === "cut") openings.open(log);
    if (send === link && repaired.kind === "same") goOn(log, repaired.number);
    change();
  };

  const disconnected = () => {
    send = null;
    pump.disconnected();
    openings.disconnected();
    history.disconnected();
    standings.disconnected();
  };

  return {
    waiting: () => logs.reduce((sum, { stored }) => sum + waitingIn(stored), 0),
    add(stored) {
      add(stored);
      standings.look();
    },
    coming(ballot, bytes) {
      const log = find(around.current() ?? "");
      // Once it is under way: the disk must not wait for the signature.
      if (log !== undefined) around.soon(() => pump.prepare(log, ballot, bytes));
    },
    clear() {
      logs.length = 0;
      fresh.clear();
      disconnected();
      onChange();
    },
    stored({ log: id, number, hash }, record) {
      // A log that was just made is here by now: the thread's answers are taken one by one, promises and all.
      const log = find(id);
      if (log === undefined) return;
      if (number === log.stored.head + 1) fresh.add(id, number, record, { before: log.stored.hash, after: hash });
      log.stored.head = number;
      log.stored.hash = hash;
      if (record.kind !== "ballot") log.stored.others.push(number);
      if (log.state === "unopened" && !log.stored.heard) openings.retry();
      onChange();
      // At once: it costs little by now, and the server works on it while the screen is told.
      if (pump.sendReady(log) || pumpIsDue) return;
      pumpIsDue = true;
      around.soon(() => {
        pumpIsDue = false;
        void pump.run();
      });
    },
    connected(toServer) {
      send = toServer;
      pump.connected(toServer);
      for (const log of logs) log.sent = log.stored.acked;
      openings.connected(toServer);
    },
    disconnected,
    onAck(ack) {
      const link = send;
      const taken = acks.then(() => takeAck(link, ack));
      // Whoever asked is told of a failure; the next ack is another matter.
      acks = taken.catch(() => undefined);
      return taken;
    },
    onStanding([, id, code]) {
      const standing = standingOf(code);
      if (standing === undefined) return;
      standings.tell(toHex(id), standing);
      const log = find(toHex(id));
      if (log !== undefined) {
        judge(log);
        // What is on the way comes to nothing, and is sent again if it is admitted.
        if (!mayGoOn(log.stored)) pump.dropped(log.id);
        if (!mayGoOn(log.stored) && log.state === "open") log.sent = log.stored.acked;
      }
      change();
    },
    onPlace: history.onPlace,
  };
}
