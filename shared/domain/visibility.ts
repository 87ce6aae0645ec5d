/** Who may see a poll's result, and when. The organiser always may; everybody else is asked about here. */
import { isOver, type PollState, type Results } from "./poll.ts";

/**
 * A station is sent what its kiosk will need; `public` is whoever asks the server without being the organiser. After a vote
 * means at the kiosk where it was cast, so the public has to wait for the close.
 */
export type Audience = "station" | "public";

/** May this audience be told the counts of a poll with this setting, in this state? */
export function mayShow(audience: Audience, poll: { results: Results; state: PollState }): boolean {
  const over = isOver(poll.state);
  switch (poll.results) {
    case "live":
      return true;
    case "after-vote":
      return audience === "station" || over;
    case "after-close":
      return over;
    case "organiser":
      return false;
  }
}
