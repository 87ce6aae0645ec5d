/** What a tap or a touch means: a ballot for an option of the poll on the screen, or a named reason why not. */
import type { Target, UidFlag } from "../../shared/domain/mapping.ts";
import { isOver } from "../../shared/domain/poll.ts";
import type { OutcomeKind } from "../../shared/events/stream.ts";
import type { KnownPoll } from "../picture/picture.ts";

/** After a change of question people are still tapping for the one before. */
export const NEW_QUESTION_MS = 1_500;

export type Vote =
  | { kind: "ballot"; poll: Uint8Array; option: number }
  /** Nothing is in its way but the answer, which is touched on the screen. */
  | { kind: "choose" }
  | { kind: "refusal"; why: OutcomeKind; option: number | null };

/** What ends a station's part in the event: the organiser took it out, or the event's key is destroyed. */
type StationEnd = "revoked" | "event-over";

export interface VoteSituation {
  ended: StationEnd | null;
  poll: KnownPoll | undefined;
  /** What the reader stands for; null while nobody said. */
  target: Target | null;
  online: boolean;
  /** How long the question has been on the screen; Infinity when none was there before it. */
  shownForMs: number;
  /** What the tag's number gives cause to say. */
  flags: readonly UidFlag[];
  /** Why the roll keeps this tag from this poll; null when it does not. */
  roll: "unknown-tag" | "not-entitled" | null;
}

/**
 * Judge a tap. Offline, only what later news cannot heal is refused: the fold judges the rest. A tag that is not on the roll
 * is refused all the same, because it can be held up again once it is.
 */
export function vote(situation: VoteSituation): Vote {
  const { poll, target } = situation;
  if (situation.ended !== null) return { kind: "refusal", why: situation.ended, option: null };
  if (target === null) return { kind: "refusal", why: "unassigned", option: null };
  if (poll === undefined) return { kind: "refusal", why: "no-open-poll", option: null };
  const option = optionOf(target, poll);
  if (option === "none") return { kind: "refusal", why: "no-option", option: null };
  const why = refusalOf(situation, poll);
  if (why !== null) return { kind: "refusal", why, option };
  return option === null ? { kind: "choose" } : { kind: "ballot", poll: poll.hash, option };
}

/** Which answer of this poll a target stands for; null: it is touched on the screen. */
function optionOf(target: Target, { definition }: KnownPoll): number | null | "none" {
  switch (target.kind) {
    case "choose":
      return null;
    case "slot":
      return target.slot <= definition.options.length ? target.slot : "none";
    case "option":
      return target.poll === definition.id && target.option <= definition.options.length ? target.option : "none";
  }
}

function refusalOf({ online, shownForMs, flags, roll }: VoteSituation, poll: KnownPoll): OutcomeKind | null {
  if (isOver(poll.course.state)) return "closed";
  if (poll.course.state === "paused" && online) return "paused";
  if (shownForMs < NEW_QUESTION_MS) return "new-question";
  // Neither number is one person's: whoever takes the one takes the other.
  if (poll.definition.randomUids === "refuse") {
    if (flags.includes("random")) return "random-uid";
    if (flags.includes("shared")) return "shared-uid";
  }
  return roll;
}
