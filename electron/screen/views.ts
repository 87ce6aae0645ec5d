/** The station's state in the words of its screen. */
import { isOver } from "../../shared/domain/poll.ts";
import { mayShow } from "../../shared/domain/visibility.ts";
import type { ScreenLink, ScreenPoll, ScreenTally } from "../../shared/events/stream.ts";
import type { LinkState } from "../link/link.ts";
import type { KnownPoll } from "../picture/picture.ts";

export function pollView(poll: KnownPoll | undefined): ScreenPoll | null {
  if (poll === undefined) return null;
  const { id, question, options, counts, upTo, round, tagless } = poll.definition;
  const { state } = poll.course;
  return { id, question, options: options.map((label) => ({ label })), counts, upTo, state, round, tagless };
}

/** The counts, unless they may not be shown now. @param voted somebody voted here a moment ago */
export function tallyView(poll: KnownPoll | undefined, voted: boolean): ScreenTally | null {
  if (poll === undefined) return null;
  const { id, results } = poll.definition;
  const { state, totals } = poll.course;
  if (!mayShow("station", { results, state })) return null;
  if (results === "after-vote" && !isOver(poll.course.state) && !voted) return null;
  // The certificate's totals are what is final, whichever tally came last.
  const counts = totals ?? poll.tally;
  return { poll: id, cursor: poll.tallyCursor, counts: [...counts], provisional: state !== "certified" };
}

export function linkView(link: LinkState, safeHere: number, revoked = false): ScreenLink {
  return {
    state: revoked ? "revoked" : link.state,
    safeHere,
    code: link.state === "enrolling" ? link.code : null,
    reason: link.state === "refused" && !revoked ? link.reason : null,
  };
}
