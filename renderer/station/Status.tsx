import type { ReactElement } from "react";
import { Picture } from "../ui/Picture.tsx";
import type { PictureName } from "../ui/pictures.ts";
import type { Catalogue } from "../ui/text/catalogue.ts";
import { useWords } from "../ui/words-context.ts";
import type { KioskState, Picture as KioskPicture } from "./step.ts";

/** The corner that says how far the result can be trusted: live, offline with how many votes kept, provisional. */
export function Status({ picture, line }: { picture: KioskPicture; line: KioskState["line"] }): ReactElement {
  const words = useWords();
  const { status } = words.text;
  const { link, poll, tally } = picture;
  const total = tally === null ? null : tally.counts.reduce((sum, count) => sum + count, 0);
  // Away from the server the total is of some time ago, and the room is needed for what is kept here.
  const votes =
    total === null || link.state !== "online" ? null : total === 0 ? status.noVotes : words.count(status.votes, total);
  // Without the station nothing here is of now; the strip says so.
  const [name, state]: [PictureName, string] = line === "lost" ? ["line-lost", ""] : standing(picture, status);
  // Online the number rises and falls with each tap within a blink: only away from the server is it news.
  const safeHere = link.state === "online" || link.safeHere === 0 ? null : words.count(status.safeHere, link.safeHere);
  const calm = link.state !== "online" || line === "lost";
  return (
    <span className="status" data-link={link.state} data-calm={calm} data-poll={poll?.state}>
      <Picture name={name} />
      <span>{[votes, state, safeHere].filter((part) => part !== null && part !== "").join(" · ")}</span>
    </span>
  );
}

function standing({ link, poll, tally }: KioskPicture, status: Catalogue["status"]): [PictureName, string] {
  switch (link.state) {
    case "offline":
      return ["offline", status.offline];
    case "revoked":
      return ["revoked", status.revoked];
    case "refused":
      return ["refused", status.refused];
    case "connecting":
    case "enrolling":
      return ["offline", status.connecting];
    case "online":
      if (poll?.state === "closed" || poll?.state === "certified") return ["closed", status.closed];
      if (poll?.state === "open" && tally === null) return ["live", status.hidden];
      return poll?.state === "paused" ? ["paused", status.paused] : ["live", status.live];
  }
}
