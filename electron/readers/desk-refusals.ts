/** Why an action of the operator's panel was refused, in words for the operator. */
import { MAX_READERS } from "../../shared/domain/mapping.ts";
import type { PanelRefusal } from "../../shared/events/operator.ts";

const WORDS = {
  "unknown-reader": "This reader is not in use any more. Choose one of those in the list.",
  "unknown-device": "This device is not there any more. Plug it in again.",
  "not-heard": "It is not known yet what this device is. Hold a tag to it first.",
  "too-many": `${MAX_READERS} readers are in use, and more cannot be. Remove one first.`,
  "in-use": "This device is in use already.",
  fixed: "This reader is named on the station's command line. Take its --reader away there.",
  "not-stored":
    "The disk did not take the change, so nothing was changed. Free space on it and make the data folder writable.",
  "no-signal": "This reader has no lamp or buzzer that the station can work.",
  "same-reader": "Choose two different readers.",
  "no-change": "There is no setting to take over. Hold the same tag to both readers first.",
} as const;

export type RefusalWhy = keyof typeof WORDS;

export function refusal(why: RefusalWhy): PanelRefusal {
  return { why, error: WORDS[why] };
}
