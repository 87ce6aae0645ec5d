/** Why something was not done, for the operator. */
import type { PanelRefusal } from "../../shared/events/operator.ts";
import { inEnglish, say, type Sentence } from "../../shared/sentences/sentence.ts";
import { isFull } from "../files/station-unusable.ts";

export function refused(sentence: Sentence): PanelRefusal {
  return { ...sentence, error: inEnglish(sentence) };
}

/** What the operator chose could not be kept. @param error of the system */
export function notStored(error: unknown): PanelRefusal {
  const message = error instanceof Error ? error.message : String(error);
  return refused(say(isFull(error) ? "setting-disk-full" : "setting-not-stored", { message, option: "--data" }));
}
