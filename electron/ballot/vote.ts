/** What a tap means: a ballot for an option of the poll on the screen, or a named reason why not. */
import { isOver } from "../../shared/domain/poll.ts";
import type { OutcomeKind } from "../../shared/events/stream.ts";
import type { KnownPoll } from "../picture/picture.ts";

/** After a change of question people are still tapping for the one before. */
export const NEW_QUESTION_MS = 1_500;

export type Vote =
  { kind: "ballot"; poll: Uint8Array; option: number } | { kind: "refusal"; why: OutcomeKind; option: number | null };

/** What ends a station's part in the event: the organiser took it out, or the event's key is destroyed. */
type StationEnd = "revoked" | "event-over";

export interface VoteSituation {
  ended: StationEnd | null;
  poll: KnownPoll | undefined;
  /** The slot this reader stands for; undefined while nobody said. */
  slot: number | undefined;
  online: boolean;
  /** How long the question has been on the screen; Infinity when none was there before it. */
  shownForMs: number;
  /** The tag makes up a new UID at each presentation. */
  randomUid: boolean;
  /** Why the roll keeps this tag from this poll; null when it does not. */
  roll: "unknown-tag" | "not-entitled" | null;
}

/**
 * Judge a tap. Offline, only what later news cannot heal is refused: the fold judges the rest. A tag that is not on the roll
 * is refused all the same, because it can be held up again once it is.
 */
export function vote(situation: VoteSituation): Vote {
  const { poll, slot } = situation;
  if (situation.ended !== null) return { kind: "refusal", why: situation.ended, option: null };
  if (slot === undefined) return { kind: "refusal", why: "unassigned", option: null };
  if (poll === undefined) return { kind: "refusal", why: "no-open-poll", option: null };
  const option = slot <= poll.definition.options.length ? slot : null;
  if (option === null) return { kind: "refusal", why: "no-option", option };
  const why = refusalOf(situation, poll);
  return why === null ? { kind: "ballot", poll: poll.hash, option } : { kind: "refusal", why, option };
}

function refusalOf({ online, shownForMs, randomUid, roll }: VoteSituation, poll: KnownPoll): OutcomeKind | null {
  if (isOver(poll.course.state)) return "closed";
  if (poll.course.state === "paused" && online) return "paused";
  if (shownForMs < NEW_QUESTION_MS) return "new-question";
  if (randomUid && poll.definition.randomUids === "refuse") return "random-uid";
  return roll;
}
