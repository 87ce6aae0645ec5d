/** How an organiser's acts fold: the life of a poll, and who is admitted. */
import { judgePollAgain } from "./fold-ballot.ts";
import type { Change, Entry } from "./entry.ts";
import { POLL_HASH_BYTES, type PollState } from "./poll.ts";
import type { PollRow, Projection, Window } from "./projection.ts";

/** Why an act changed nothing. */
export type ActRefusal =
  | "event-exists"
  | "unknown-poll"
  /** A poll is edited only while it is a draft. */
  | "not-draft"
  | "already-open"
  | "not-open"
  | "already-closed"
  | "already-admitted";

type Act = Exclude<Change, { kind: "log-opened" | "batch" }>;
type Move = Extract<Act, { kind: "poll-opened" | "poll-paused" | "poll-closed" }>;

/** Fold one act; null when it took effect. */
export function foldAct(projection: Projection, entry: Entry, act: Act): ActRefusal | null {
  switch (act.kind) {
    case "event-created":
      if (projection.event() !== undefined) return "event-exists";
      projection.putEvent(act.event);
      return null;
    case "station-admitted":
      if (projection.station(act.station) !== undefined) return "already-admitted";
      projection.putStation({ station: act.station, key: act.key, cursor: entry.position });
      return null;
    case "poll-defined":
      return foldDefinition(projection, entry.position, act);
    case "poll-opened":
    case "poll-paused":
    case "poll-closed":
      return foldMove(projection, entry, act);
  }
}

function foldDefinition(
  projection: Projection,
  position: number,
  act: Extract<Act, { kind: "poll-defined" }>,
): ActRefusal | null {
  const known = projection.poll(act.poll);
  if (known !== undefined && known.state !== "draft") return "not-draft";
  projection.putPoll({
    id: act.poll,
    hash: act.hash,
    options: act.options,
    counts: act.counts,
    upTo: act.upTo,
    results: act.results,
    state: "draft",
    windows: [],
    tally: Array.from({ length: act.options }, () => 0),
    latestMs: 0,
    stateCursor: position,
    tallyCursor: position,
  });
  return null;
}

/** Which state each move leads to, and from where it is refused. */
const MOVES: Record<Move["kind"], { to: PollState; refused: Partial<Record<PollState, ActRefusal>> }> = {
  "poll-opened": { to: "open", refused: { open: "already-open", closed: "already-closed" } },
  "poll-paused": { to: "paused", refused: { draft: "not-open", paused: "not-open", closed: "already-closed" } },
  "poll-closed": { to: "closed", refused: { draft: "not-open", closed: "already-closed" } },
};

function foldMove(projection: Projection, { atMs, position }: Entry, act: Move): ActRefusal | null {
  const poll = projection.poll(act.poll);
  if (poll === undefined) return "unknown-poll";
  const move = MOVES[act.kind];
  const refused = move.refused[poll.state];
  if (refused !== undefined) return refused;
  const moved: PollRow = {
    ...poll,
    state: move.to,
    windows: moveWindows(poll.windows, move.to, atMs),
    stateCursor: position,
  };
  projection.putPoll(moved);
  // Ballots may be here that were cast after this moment, or before anyone knew the poll: they are judged again.
  const first = poll.state === "draft";
  if (first || poll.latestMs >= atMs) judgePollAgain(projection, shortHash(poll.hash), first ? 0 : atMs, position);
  return null;
}

function moveWindows(windows: readonly Window[], to: PollState, atMs: number): Window[] {
  if (to === "open") return [...windows, { fromMs: atMs, toMs: null }];
  return windows.map((window) => (window.toMs === null ? { ...window, toMs: atMs } : window));
}

/** The part of a definition's hash by which records name its poll. */
export function shortHash(hash: string): string {
  return hash.slice(0, POLL_HASH_BYTES * 2);
}
