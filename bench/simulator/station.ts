/**
 * One simulated station: what the product's station says and hears on one link after another (electron/link), without
 * readers, screen and disk. It takes the server's key on trust. Knows no socket and no timer.
 */
import { randomBytes } from "node:crypto";
import { sameBytes } from "../../shared/bytes.ts";
import { POLL_HASH_BYTES } from "../../shared/domain/poll.ts";
import type { Ballot } from "../../shared/domain/record.ts";
import { FRAME, NONCE_BYTES, type Frame, type FrameOf } from "../../shared/link/frames.ts";
import { proofToSign, stationId } from "../../shared/link/handshake.ts";
import { LINK_VERSIONS } from "../../shared/link/limits.ts";
import { ID_BYTES } from "../../shared/schemas.ts";
import { createSentLog, type SentLog } from "./sent-log.ts";
import { sha256, type StationKey } from "./station-keys.ts";

/** Who wants to know what stations hear; one for all of them. */
export interface StationEars {
  /** Milliseconds of a clock that never jumps. */
  nowMs(): number;
  onOnline(): void;
  /** Milliseconds from the making of each ballot until its ack, and how many of them were not simply counted. */
  onAcked(waitedMs: readonly number[], exceptions: number): void;
  /** It has moved. */
  onPoll(frame: FrameOf<"poll">): void;
  onTally(frame: FrameOf<"tally">): void;
  onDelta(frame: FrameOf<"delta">): void;
}

export interface Station {
  step(): "away" | "greeting" | "online";
  onOpen(send: (frame: Frame) => void): void;
  /** Undefined, or why this link has to end. */
  onFrame(frame: Frame): string | undefined;
  onHeartbeat(): void;
  onGone(): void;
  /** Make ballots and send what may be sent. @param poll first bytes of its hash */
  vote(poll: Uint8Array, options: readonly number[]): void;
  /** Records made and not acknowledged. */
  waiting(): number;
}

/** What the proof says of a poll: `[hash, state, moves, tally cursor]`. */
type Told = FrameOf<"proof">[4][number];

export function createStation(key: StationKey, ears: StationEars): Station {
  let step: "away" | "greeting" | "online" = "away";
  let send: (frame: Frame) => void = () => {};
  let nonce = new Uint8Array();
  let log: SentLog | null = null;
  let openedMs = 0;
  /** The log was opened on this link, and the server said how far it has it. */
  let open = false;
  let pings = 0;
  let epoch: Uint8Array | null = null;
  const told: Told[] = [];

  const pump = () => {
    if (!open) return;
    for (let batch = log?.nextBatch(); batch !== undefined; batch = log?.nextBatch()) send(batch);
  };
  const prove = ([, version, event, serverKey, serverNonce]: FrameOf<"challenge">) => {
    const [stationKey, commitment, certificate] = [key.publicKey, sha256(nonce), new Uint8Array()];
    const encounter = { version, event, stationKey, serverKey, commitment, serverNonce, certificate };
    send([FRAME.proof, nonce, key.sign(proofToSign(encounter, nonce)), epoch, told.slice()]);
    log ??= openLog(event);
  };
  const openLog = (event: Uint8Array) => {
    openedMs = ears.nowMs();
    const openedAtMs = Date.now();
    const [id, station] = [new Uint8Array(randomBytes(ID_BYTES)), stationId(sha256, key.publicKey)];
    const begun = createSentLog({ key, log: id, station, event, openedAtMs });
    begun.append({ kind: "clock", ms: 0, serverMs: openedAtMs, uncertaintyMs: 5 }, openedMs);
    return begun;
  };
  const onWelcome = ([, admitted, , , life]: FrameOf<"welcome">): string | undefined => {
    if (!admitted || log === null) return "not admitted";
    step = "online";
    epoch = life;
    ears.onOnline();
    send(log.opening());
    send([FRAME.ping, pings++]);
    return undefined;
  };
  const onAck = ([, , head, hash, exceptions]: FrameOf<"ack">): string | undefined => {
    if (log === null) return "an ack for nothing";
    const acked = log.acked(head, hash, ears.nowMs(), !open);
    if (!acked.ok) return acked.why;
    open = true;
    if (acked.waitedMs.length > 0) ears.onAcked(acked.waitedMs, exceptions.length);
    pump();
    return undefined;
  };
  const place = (poll: Uint8Array) => told.findIndex(([known]) => sameBytes(known, poll));
  const onPoll = (frame: FrameOf<"poll">) => {
    const [, cursor, [state, moves], definition] = frame;
    const poll = sha256(definition).slice(0, POLL_HASH_BYTES);
    const at = place(poll);
    // A server that was started anew tells it again.
    if (told[at]?.[1] !== state || told[at][2] !== moves) ears.onPoll(frame);
    told[at < 0 ? told.length : at] = [poll, state, moves, told[at]?.[3] ?? cursor];
  };
  const onCounts = (poll: Uint8Array, cursor: number) => {
    const row = told[place(poll)];
    if (row !== undefined) row[3] = cursor;
  };

  return {
    step: () => step,
    onOpen(toServer) {
      [send, step, open] = [toServer, "greeting", false];
      nonce = new Uint8Array(randomBytes(NONCE_BYTES));
      send([FRAME.hello, [...LINK_VERSIONS], key.publicKey, sha256(nonce), "polling-station simulated"]);
    },
    onFrame(frame) {
      if (frame[0] === FRAME.challenge) prove(frame);
      else if (frame[0] === FRAME.welcome) return onWelcome(frame);
      else if (frame[0] === FRAME.ack) return onAck(frame);
      else if (frame[0] === FRAME.ping) send([FRAME.pong, frame[1], 0]);
      else if (frame[0] === FRAME.poll) onPoll(frame);
      else if (frame[0] === FRAME.tally) {
        onCounts(frame[1], frame[2]);
        ears.onTally(frame);
      } else if (frame[0] === FRAME.delta) {
        onCounts(frame[1], frame[2]);
        ears.onDelta(frame);
      }
      return undefined;
    },
    onHeartbeat: () => step === "online" && send([FRAME.ping, pings++]),
    onGone() {
      [step, open] = ["away", false];
    },
    vote(poll, options) {
      const nowMs = ears.nowMs();
      for (const option of options) log?.append(ballotFor(poll, option, Math.round(nowMs - openedMs)), nowMs);
      pump();
    },
    waiting: () => log?.waiting() ?? 0,
  };
}

/** Of a voter who never voted before. */
function ballotFor(poll: Uint8Array, option: number, ms: number): Ballot {
  return { kind: "ballot", poll, option, tagKey: new Uint8Array(randomBytes(16)), ms, reader: option };
}
