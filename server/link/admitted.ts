/** The part of a link after its station was let in: what it is told first, then ballots and questions in, the feed out. */
import type { KeyObject } from "node:crypto";
import { bytesOfHex, sameBytes, toHex } from "../../shared/bytes.ts";
import { POLL_HASH_BYTES } from "../../shared/domain/poll.ts";
import { isFurther, stateOf, type Progress } from "../../shared/domain/course.ts";
import type { PollRow } from "../../shared/domain/projection.ts";
import { mayShow } from "../../shared/domain/visibility.ts";
import type { CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, STANDING_CODES, type Frame, type FrameOf } from "../../shared/link/frames.ts";
import type { Feed, Has } from "../push/feed.ts";
import type { TurnWriter } from "../push/turn-writer.ts";
import type { Arrival } from "./handshake.ts";
import { createIngest, type IngestSurroundings } from "./ingest.ts";
import { createQuestions, type QuestionSurroundings } from "./questions.ts";
import type { Reaches } from "./reach.ts";
import type { Restorer } from "./restorer.ts";

export interface AdmittedSurroundings
  extends Pick<IngestSurroundings, "known" | "sha256" | "check">, Pick<QuestionSurroundings, "ledger"> {
  ledger: IngestSurroundings["ledger"];
  event: Uint8Array;
  epoch: Uint8Array;
  feed: Feed;
  restorer: Restorer;
}

export interface Admitted {
  take(frame: Frame): void;
  /** The logs it opened, as far as it says they reach. */
  readonly reaches: Reaches;
  /** The socket is gone. */
  leave(): void;
}

/** Frames and framed bytes on their way out, and the way to end the link. */
export interface Outlet {
  send: (frame: Frame) => void;
  close: (why: CloseName) => void;
  feedWriter: TurnWriter;
}

/** To be called right after the `welcome` that lets the station in. */
export function beginAdmitted(
  around: AdmittedSurroundings,
  { arrival, key }: { arrival: Arrival; key: KeyObject },
  { send, close, feedWriter }: Outlet,
): Admitted {
  const { known, event, restorer, sha256 } = around;
  const { station } = arrival;
  const ingest = createIngest({ ...around, send, close }, { station, key, event });
  const questions = createQuestions({
    ledger: around.ledger,
    isOpened: (log) => ingest.opened.has(log),
    send,
    close,
  });
  /** Polls this station was asked for and has not brought yet; never more than it told. */
  const lacked = pollsLacked(around, arrival);

  for (const { log, standing } of known.branchesOf(station))
    if (standing !== "taken") send([FRAME.standing, bytesOfHex(log), STANDING_CODES[standing]]);
  send([FRAME.roll, known.roll().map(bytesOfHex)]);
  if (known.keyDestroyed() && (known.station(station)?.forgot ?? null) === null) send([FRAME.forget]);
  for (const hash of lacked) send([FRAME.lacks, bytesOfHex(hash)]);
  const leaveFeed = around.feed.join(feedWriter, cursorsById(around, arrival));

  const takePoll = (frame: FrameOf<"poll">) => {
    // Once for each that was asked for: whatever else it brings, nobody wanted.
    if (!lacked.delete(toHex(sha256(frame[3]).subarray(0, POLL_HASH_BYTES)))) return close("outOfOrder");
    restorer.restore(frame).then(
      (why) => why !== null && close(why),
      () => close("trouble"),
    );
    return undefined;
  };

  return {
    take(frame) {
      if (frame[0] === FRAME.log) return ingest.log(frame);
      if (frame[0] === FRAME.batch) return ingest.batch(frame);
      if (frame[0] === FRAME.where) return questions.where(frame);
      if (frame[0] === FRAME.want) return questions.want(frame);
      return frame[0] === FRAME.poll ? takePoll(frame) : close("outOfOrder");
    },
    reaches: ingest.opened,
    leave: leaveFeed,
  };
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
