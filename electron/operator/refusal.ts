/** Why something was not done, for the operator. */
import type { PanelRefusal } from "../../shared/events/operator.ts";
import { directoryRemedy } from "../files/station-unusable.ts";

/** What the panel takes. */
const MAX_LINE_LENGTH = 300;

export function refusal(why: string, error: string): PanelRefusal {
  return { why, error: asLine(error) };
}

export function notStored(error: unknown): PanelRefusal {
  const cause = error instanceof Error ? error.message : String(error);
  return refusal("not-stored", `This could not be stored (${cause}). ${directoryRemedy(error)}`);
}

/** As long as the panel takes it. */
export function asLine(text: string): string {
  return text.length > MAX_LINE_LENGTH ? `${text.slice(0, MAX_LINE_LENGTH - 1)}…` : text;
}
