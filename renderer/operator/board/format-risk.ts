import type { PanelState } from "../../../shared/events/operator.ts";

/**
 * Would another number for the same tag make a second voter of somebody now? While a vote takes ballots, or will again, each of
 * them is known by the number that was read; in test mode none is stored.
 */
export function isVoting({ poll, test }: Pick<PanelState, "poll" | "test">): boolean {
  return test === null && (poll?.state === "open" || poll?.state === "paused");
}
