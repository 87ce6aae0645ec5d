/** Who may touch an answer now, and how people vote here: by readers alone, by reader and finger, or by finger alone. */
import type { KioskState, Picture } from "../step.ts";
import { takesVotes } from "../troubles.ts";

type Readers = Pick<Picture, "readers">;

function hasChoosing({ readers }: Readers): boolean {
  return readers.some(({ chooses, state }) => chooses && state === "present");
}

/** Is a touch on an answer worth anything? Nothing that does nothing may look as if it could be pressed. */
export function mayTouch(picture: Picture, line: KioskState["line"]): boolean {
  const { poll, touch } = picture;
  if (poll?.state !== "open" || line === "lost" || !takesVotes(picture)) return false;
  return poll.tagless || touch?.kind === "tapped" || hasChoosing(picture);
}

/** `tap`: at the reader of the answer, which is most; a kiosk with readers of both kinds is told of as one of these. */
export function howToVote(picture: Pick<Picture, "poll" | "readers">): "tap" | "choose" | "touch" {
  if (picture.poll?.tagless === true) return "touch";
  const standsForAnswer = picture.readers.some(({ slot, state }) => slot !== null && state === "present");
  return hasChoosing(picture) && !standsForAnswer ? "choose" : "tap";
}
