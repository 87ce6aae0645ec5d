/** How an organiser's acts fold: the life of a poll, who is admitted, who may vote. */
import { toHex } from "../bytes.ts";
import { foldBarrier, foldCertificate } from "./certification.ts";
import { MAX_WINDOWS, isFurther } from "./course.ts";
import { rulesOf, type Change, type Entry, type PollFacts, type Window } from "./entry.ts";
import { judgePoll, judgeSince } from "./fold-ballot.ts";
import type { ActRefusal } from "./folded.ts";
import { foldLogJudged, foldRevoked } from "./fold-log.ts";
import { shortHash, type PollState } from "./poll.ts";
import type { Barrier, PollRow, Projection } from "./projection.ts";
import type { Sha256 } from "./record.ts";
import { decodeRollChunk, type Entitled } from "./roll.ts";

type Act = Exclude<Change, { kind: "log-opened" | "batch" }>;
type Move = Extract<Act, { kind: "poll-opened" | "poll-paused" | "poll-closed" }>;

/** Fold one act; null when it took effect. */
export function foldAct(projection: Projection, sha256: Sha256, entry: Entry, act: Act): ActRefusal | null {
  switch (act.kind) {
    case "event-created":
      if (projection.event() !== undefined) return "event-exists";
      projection.putEvent(act.event);
      return null;
    case "station-admitted":
      if (projection.station(act.station) !== undefined) return "already-admitted";
      projection.putStation({
        station: act.station,
        key: act.key,
        cursor: entry.position,
        revoked: null,
        forgot: null,
        wish: null,
      });
      return null;
    case "station-revoked":
      return foldRevoked(projection, act, entry.position);
    case "log-judged":
      return foldLogJudged(projection, act, entry.position);
    case "poll-defined":
      return foldDefinition(projection, entry.position, act);
    case "poll-opened":
    case "poll-paused":
    case "poll-closed":
      return foldMove(projection, entry, act);
    case "poll-restored":
      return foldRestored(projection, entry, act);
    case "poll-barred":
      return foldBarrier(projection, act, entry);
    case "poll-certified":
      return foldCertificate(projection, act, entry.position);
    case "roll-chunk":
      if (decodeRollChunk(act.chunk) === undefined) return "unreadable";
      projection.putRollChunk(toHex(sha256(act.chunk)), { bytes: act.chunk, lfBits: act.lfBits });
      return null;
    case "roll-adopted":
      return foldRoll(projection, act.chunks, entry.position);
    case "key-destroyed":
      if (projection.keyDestroyed() !== null) return "already-destroyed";
      if ([...projection.polls()].some(({ state }) => state === "open" || state === "paused")) return "polls-open";
      projection.putKeyDestroyed(entry.position);
      return null;
    case "lf-bits-set":
      if (projection.hasBallots()) return "ballots-cast";
      if (projection.roll().length > 0) return "roll-in-force";
      projection.putLfBits(act.lfBits);
      return null;
    case "mapping-wished":
      return foldWish(projection, act, entry.position);
    case "mapping-answered":
      return foldAnswer(projection, act);
  }
}

/** A wish replaces the one before, answered or not: the newest word of an organiser is what he wants. */
function foldWish(
  projection: Projection,
  { station: id, base, hash }: Extract<Act, { kind: "mapping-wished" }>,
  cursor: number,
): ActRefusal | null {
  const station = projection.station(id);
  if (station === undefined) return "unknown-station";
  if (station.revoked !== null) return "station-revoked";
  projection.putStation({ ...station, wish: { cursor, base, hash, answer: null } });
  return null;
}

function foldAnswer(
  projection: Projection,
  { station: id, wish: cursor, answer }: Extract<Act, { kind: "mapping-answered" }>,
): ActRefusal | null {
  const station = projection.station(id);
  if (station === undefined) return "unknown-station";
  const { wish } = station;
  // It may come late: what was said to a wish that is not wished any more says nothing of the one that replaced it.
  if (wish === null || wish.cursor !== cursor || wish.answer !== null) return "not-wished";
  projection.putStation({ ...station, wish: { ...wish, answer } });
  return null;
}

/** @param act may say more than facts: of it nothing else is taken over */
function draft(act: PollFacts, position: number): PollRow {
  return {
    id: act.poll,
    hash: act.hash,
    options: act.options,
    ...rulesOf(act),
    state: "draft",
    moves: 0,
    windows: [],
    closed: null,
    tally: Array.from({ length: act.options }, () => 0),
    unsynced: 0,
    late: 0,
    barrier: null,
    latestMs: 0,
    stateCursor: position,
    tallyCursor: position,
  };
}

function foldDefinition(
  projection: Projection,
  position: number,
  act: Extract<Act, { kind: "poll-defined" }>,
): ActRefusal | null {
  const known = projection.poll(act.poll);
  if (known !== undefined && known.state !== "draft") return "not-draft";
  projection.putPoll(draft(act, position));
  return null;
}

/** Which state each move leads to, and from where it is refused. */
const MOVES: Record<Move["kind"], { to: PollState; refused: Partial<Record<PollState, ActRefusal>> }> = {
  "poll-opened": {
    to: "open",
    refused: { open: "already-open", closed: "already-closed", certified: "already-certified" },
  },
  "poll-paused": {
    to: "paused",
    refused: { draft: "not-open", paused: "not-open", closed: "already-closed", certified: "already-certified" },
  },
  "poll-closed": {
    to: "closed",
    refused: { draft: "not-open", closed: "already-closed", certified: "already-certified" },
  },
};

function foldMove(projection: Projection, { atMs, position }: Entry, act: Move): ActRefusal | null {
  const poll = projection.poll(act.poll);
  if (poll === undefined) return "unknown-poll";
  const move = MOVES[act.kind];
  const refused = move.refused[poll.state];
  if (refused !== undefined) return refused;
  // Without the key a tag has no pseudonym: nobody could vote.
  if (move.to === "open" && projection.keyDestroyed() !== null) return "key-destroyed";
  if (move.to === "open" && poll.windows.length >= MAX_WINDOWS) return "too-many-windows";
  projection.putPoll({
    ...poll,
    state: move.to,
    moves: poll.moves + 1,
    windows: moveWindows(poll.windows, move.to, atMs),
    closed: move.to === "closed" ? { atMs, cursor: position, backAtMs: null } : null,
    stateCursor: position,
  });
  // Ballots may be here that were cast after this moment, or before anyone knew the poll: they are judged again.
  const first = poll.state === "draft";
  if (first) judgePoll(projection, shortHash(poll.hash), position);
  else if (poll.latestMs >= atMs) judgeSince(projection, shortHash(poll.hash), atMs, position);
  return null;
}

function moveWindows(windows: readonly Window[], to: PollState, atMs: number): Window[] {
  if (to === "open") return [...windows, { fromMs: atMs, toMs: null }];
  return windows.map((window) => (window.toMs === null ? { ...window, toMs: atMs } : window));
}

/** A poll as this server had told its stations before it was put back to an older state. */
function foldRestored(
  projection: Projection,
  { position, atMs }: Entry,
  act: Extract<Act, { kind: "poll-restored" }>,
): ActRefusal | null {
  // Totals that stations may not see they cannot bring back: such a poll is closed, and certified anew.
  const uncertified = act.state === "certified" && act.totals === null;
  const state = uncertified ? "closed" : act.state;
  const told = uncertified ? act.moves - 1 : act.moves;
  const known = projection.poll(act.poll);
  if (known !== undefined && !isFurther({ state, moves: told }, known)) return "nothing-new";
  // Certified here meanwhile, in another course than the one told before: totals that were published never move.
  if (known !== undefined && known.barrier !== null) return "already-certified";
  // A draft may have been written anew after the backup; what was opened is what voters saw.
  if (known !== undefined && known.state !== "draft" && known.hash !== act.hash) return "another-definition";
  const { windows, closedAtMs, totals } = act;
  const base = known === undefined || known.state === "draft" ? draft(act, position) : known;
  projection.putPoll({
    ...base,
    state,
    // Whoever heard of the course that is given up must hear of this one as a later.
    moves: Math.max(told, (known?.moves ?? 0) + 1),
    windows,
    closed: closedAtMs === null ? null : { atMs: closedAtMs, cursor: position, backAtMs: atMs },
    stateCursor: position,
  });
  judgePoll(projection, shortHash(act.hash), position);
  const judged = projection.poll(act.poll);
  if (judged === undefined || totals === null) return null;
  // What was certified stays as it was: the ballots come back, and are not counted again.
  const barrier: Barrier = { cursor: position, atMs, why: "restored", missing: [], reason: null };
  projection.putPoll({ ...judged, tally: totals, barrier, tallyCursor: position });
  return null;
}

/** The last roll before certification judges the whole poll. */
function foldRoll(projection: Projection, chunks: readonly string[], position: number): ActRefusal | null {
  for (const hash of chunks) {
    const chunk = projection.rollChunk(hash);
    if (chunk === undefined) return "unknown-chunk";
    // One without a note is taken: an act that took effect before there were notes does so again when it is folded anew.
    if (chunk.lfBits !== null && chunk.lfBits !== projection.lfBits()) return "other-lf-bits";
  }
  projection.putRoll(chunks, tagsOf(projection, chunks));
  const polls = [...projection.polls()].filter(({ state, barrier }) => state !== "draft" && barrier === null);
  for (const { hash } of polls) judgePoll(projection, shortHash(hash), position);
  return null;
}

/** One chunk at a time: a whole roll takes some 50 MB as objects. */
function* tagsOf(projection: Projection, chunks: readonly string[]): Iterable<Entitled> {
  for (const hash of chunks) {
    const chunk = projection.rollChunk(hash);
    // It was readable when it was put.
    yield* (chunk && decodeRollChunk(chunk.bytes)) ?? [];
  }
}
