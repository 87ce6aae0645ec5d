/** The station's state in the words of its screen. */
import type { ScreenLink, ScreenPoll, ScreenTally } from "../../shared/events/stream.ts";
import type { LinkState } from "../link/link.ts";
import type { KnownPoll } from "../picture/picture.ts";

export function pollView(poll: KnownPoll | undefined): ScreenPoll | null {
  if (poll === undefined) return null;
  const { id, question, options, counts, upTo } = poll.definition;
  return { id, question, options: options.map((label) => ({ label })), counts, upTo, state: poll.state };
}

export function tallyView(poll: KnownPoll | undefined): ScreenTally | null {
  if (poll === undefined) return null;
  return { poll: poll.definition.id, cursor: poll.tallyCursor, counts: [...poll.tally] };
}

export function linkView(link: LinkState, safeHere: number): ScreenLink {
  return {
    state: link.state,
    safeHere,
    code: link.state === "enrolling" ? link.code : null,
    reason: link.state === "refused" ? link.reason : null,
  };
}
