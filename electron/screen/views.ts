/** The station's state in the words of its screen. */
import { mayShow } from "../../shared/domain/visibility.ts";
import type { ScreenLink, ScreenPoll, ScreenTally } from "../../shared/events/stream.ts";
import type { LinkState } from "../link/link.ts";
import type { KnownPoll } from "../picture/picture.ts";

export function pollView(poll: KnownPoll | undefined): ScreenPoll | null {
  if (poll === undefined) return null;
  const { id, question, options, counts, upTo } = poll.definition;
  return { id, question, options: options.map((label) => ({ label })), counts, upTo, state: poll.state };
}

/** The counts, unless they may not be shown now. @param voted somebody voted here a moment ago */
export function tallyView(poll: KnownPoll | undefined, voted: boolean): ScreenTally | null {
  if (poll === undefined || !mayShow("station", { results: poll.definition.results, state: poll.state })) return null;
  if (poll.definition.results === "after-vote" && poll.state !== "closed" && !voted) return null;
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
