/** What a tap means: a ballot for an option of the poll on the screen, or a named reason why not. */
import type { OutcomeKind } from "../../shared/events/stream.ts";
import type { KnownPoll } from "../picture/picture.ts";

/** After a change of question people are still tapping for the one before. */
export const NEW_QUESTION_MS = 1_500;

export type Vote =
  { kind: "ballot"; poll: Uint8Array; option: number } | { kind: "refusal"; why: OutcomeKind; option: number | null };

export interface VoteSituation {
  poll: KnownPoll | undefined;
  /** The slot this reader stands for; undefined while nobody said. */
  slot: number | undefined;
  online: boolean;
  /** How long the question has been on the screen; Infinity when none was there before it. */
  shownForMs: number;
}

/** Judge a tap. Offline, only what later news cannot heal is refused: the fold judges the rest. */
export function vote({ poll, slot, online, shownForMs }: VoteSituation): Vote {
  if (slot === undefined) return { kind: "refusal", why: "unassigned", option: null };
  if (poll === undefined) return { kind: "refusal", why: "no-open-poll", option: null };
  const option = slot <= poll.definition.options.length ? slot : null;
  if (option === null) return { kind: "refusal", why: "no-option", option };
  if (poll.state === "closed") return { kind: "refusal", why: "closed", option };
  if (poll.state === "paused" && online) return { kind: "refusal", why: "paused", option };
  if (shownForMs < NEW_QUESTION_MS) return { kind: "refusal", why: "new-question", option };
  return { kind: "ballot", poll: poll.hash, option };
}
