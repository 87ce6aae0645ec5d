/** The part of a link after its station was let in: what it is told first, then ballots and questions in, the feed out. */
import { bytesOfHex, sameBytes, toHex } from "../../shared/bytes.ts";
import { POLL_HASH_BYTES } from "../../shared/domain/poll.ts";
import { isFurther, stateOf, type Progress } from "../../shared/domain/course.ts";
import type { PollRow, StationRow } from "../../shared/domain/projection.ts";
import { mayShow } from "../../shared/domain/visibility.ts";
import { FRAME, STANDING_CODES, type Frame, type FrameOf } from "../../shared/link/frames.ts";
import type { Feed, Has } from "../push/feed.ts";
import type { TurnWriter } from "../push/turn-writer.ts";
import type { Arrival } from "./handshake.ts";
import { ReadersTalk, type ReadersTalkSurroundings } from "./readers-talk.ts";
import { Ingest, type IngestSurroundings, type Outlet } from "./ingest.ts";
import { createQuestions, type Questions } from "./questions.ts";
import { settingsFrame } from "./settings-frame.ts";
import type { Reaches } from "./reach.ts";
import type { Restorer } from "./restorer.ts";

export interface AdmittedSurroundings extends IngestSurroundings, Pick<ReadersTalkSurroundings, "desk" | "readerList"> {
  epoch: Uint8Array;
  feed: Feed;
  restorer: Restorer;
}

export interface Admitted {
  take(frame: Frame): void;
  /** The logs it opened, as far as it says they reach. */
  readonly reaches: Reaches;
  /** Something of its station was committed: the row as it is now. */
  onStation(row: StationRow): void;
  /** The socket is gone. */
  leave(): void;
}

/** To be called right after the `welcome` that lets the station in. @param row the arrived station's */
export function beginAdmitted(
  around: AdmittedSurroundings,
  { arrival, row }: { arrival: Arrival; row: StationRow },
  out: Outlet,
  feedWriter: TurnWriter,
): Admitted {
  const { known } = around;
  const lacked = pollsLacked(around, arrival);
  const isNew = arrival.version >= 2;

  // Before any poll: by these settings a tap becomes a tag key.
  if (isNew) out.send(settingsFrame(known.lfBits()));
  for (const { log, standing } of known.branchesOf(row.station))
    if (standing !== "taken") out.send([FRAME.standing, bytesOfHex(log), STANDING_CODES[standing]]);
  out.send([FRAME.roll, known.roll().map(bytesOfHex)]);
  if (known.keyDestroyed() && row.forgot === null) out.send([FRAME.forget]);
  for (const hash of lacked) out.send([FRAME.lacks, bytesOfHex(hash)]);
  const leaveFeed = around.feed.join(feedWriter, cursorsById(around, arrival), arrival.version);
  const talk = isNew ? new ReadersTalk(around, out, row) : null;
  return new AdmittedLink(around, out, row, lacked, leaveFeed, talk);
}

/** A class, and what a link rarely needs is made when it does: most of thousands say nothing but heartbeats. */
class AdmittedLink implements Admitted {
  readonly #around: AdmittedSurroundings;
  readonly #out: Outlet;
  readonly #ingest: Ingest;
  #questions: Questions | null = null;
  /** Polls this station was asked for and has not brought yet; never more than it told. Null for none. */
  readonly #lacked: Set<string> | null;
  readonly #leaveFeed: () => void;
  /** Null on a link of version 1. */
  readonly #talk: ReadersTalk | null;

  constructor(
    around: AdmittedSurroundings,
    out: Outlet,
    row: StationRow,
    lacked: Set<string>,
    leaveFeed: () => void,
    talk: ReadersTalk | null,
  ) {
    this.#around = around;
    this.#out = out;
    this.#ingest = new Ingest(around, out, row);
    this.#lacked = lacked.size === 0 ? null : lacked;
    this.#leaveFeed = leaveFeed;
    this.#talk = talk;
  }

  take(frame: Frame): void {
    if (frame[0] === FRAME.log) return this.#ingest.log(frame);
    if (frame[0] === FRAME.batch) return this.#ingest.batch(frame);
    if (frame[0] === FRAME.where) return this.#asked().where(frame);
    if (frame[0] === FRAME.want) return this.#asked().want(frame);
    if (this.#talk !== null && frame[0] === FRAME.readers) return this.#talk.readers(frame);
    if (this.#talk !== null && frame[0] === FRAME.mapped) return this.#talk.mapped(frame);
    return frame[0] === FRAME.poll ? this.#takePoll(frame) : this.#out.close("outOfOrder");
  }

  get reaches(): Reaches {
    return this.#ingest.reaches;
  }

  onStation(row: StationRow): void {
    this.#talk?.onStation(row);
  }

  leave(): void {
    this.#leaveFeed();
    this.#talk?.leave();
  }

  #asked(): Questions {
    this.#questions ??= createQuestions({
      ledger: this.#around.ledger,
      isOpened: (log) => this.#ingest.isOpened(log),
      send: (frame) => this.#out.send(frame),
      close: (why) => this.#out.close(why),
    });
    return this.#questions;
  }

  #takePoll(frame: FrameOf<"poll">): void {
    const { sha256, restorer } = this.#around;
    // Once for each that was asked for: whatever else it brings, nobody wanted.
    const hash = toHex(sha256(frame[3]).subarray(0, POLL_HASH_BYTES));
    if (this.#lacked?.delete(hash) !== true) return this.#out.close("outOfOrder");
    restorer.restore(frame).then(
      (why) => why !== null && this.#out.close(why),
      () => this.#out.close("trouble"),
    );
    return undefined;
  }
}

/** Short hashes of what the station was told of once and the server does not know, or not that it came so far. */
function pollsLacked({ known }: AdmittedSurroundings, { has }: Arrival): Set<string> {
  const lacked = has.flatMap(([short, state, moves]) => {
    const hash = toHex(short);
    const row = known.pollByHash(hash);
    return row === undefined || isFurther(broughtBack(row, { state: stateOf(state), moves }), row) ? [hash] : [];
  });
  return new Set(lacked);
}

/** What a station's word on a poll could come to here: totals it was never shown it cannot bring back. */
function broughtBack({ results }: PollRow, told: Progress): Progress {
  if (told.state !== "certified" || mayShow("station", { results, state: "certified" })) return told;
  return { state: "closed", moves: told.moves - 1 };
}

/** What the station has of the feed, by poll id; nothing, if it was told in another life of the server. */
function cursorsById({ known, epoch }: AdmittedSurroundings, arrival: Arrival): Map<string, Has> {
  if (arrival.epoch === null || !sameBytes(arrival.epoch, epoch)) return new Map();
  const had = arrival.has.flatMap(([hash, , moves, tallyCursor]): [string, Has][] => {
    const poll = known.pollByHash(toHex(hash));
    return poll === undefined ? [] : [[poll.id, { moves, tallyCursor }]];
  });
  return new Map(had);
}
