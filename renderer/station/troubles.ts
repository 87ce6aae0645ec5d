/** What stands between this kiosk and the count, for as long as it does: told in a strip, and to a screen reader. */
import type { Catalogue } from "../ui/text/catalogue.ts";
import type { PictureName } from "../ui/pictures.ts";
import type { Picture } from "./step.ts";

export interface Trouble {
  name: PictureName;
  /** `stop`: do not vote here. */
  tone: "calm" | "stop";
  text: string;
}

/** The gravest only: a kiosk that was taken out has no use for the rest. */
export function troubleOf({ link, over, branch }: Picture, { strips }: Catalogue): Trouble | null {
  if (over) return { name: "event-over", tone: "calm", text: strips.over };
  if (link.state === "revoked") return { name: "revoked", tone: "stop", text: strips.revoked };
  if (branch === null) return null;
  return { name: "branch", tone: branch === "rejected" ? "stop" : "calm", text: strips.branch[branch] };
}

/** May people be asked to vote here? */
export function takesVotes({ link, over, branch, disk }: Picture): boolean {
  return disk.state === "good" && !over && link.state !== "revoked" && branch !== "rejected";
}
