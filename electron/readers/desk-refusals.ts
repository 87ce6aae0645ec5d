/** Why an action of the operator's panel was refused, for the operator. */
import { MAX_READERS } from "../../shared/domain/mapping.ts";
import { say, type Sentence } from "../../shared/sentences/sentence.ts";
import type { EditWhy } from "./mapping-edits.ts";

export type RefusalWhy =
  | EditWhy
  | "mapping-not-stored"
  | "unknown-device"
  | "device-not-heard"
  | "reader-without-signal"
  | "same-reader"
  | "format-not-found";

export function refusal(why: RefusalWhy): Sentence {
  if (why === "too-many-readers") return say(why, { most: MAX_READERS });
  return why === "reader-fixed" ? say(why, { flag: "--reader" }) : say(why);
}
