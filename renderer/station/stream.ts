/** The line to the station: what the kiosk page is told, and nothing else. */
import { keepLine } from "../ui/line.ts";
import type { LineEnds } from "../ui/line.ts";
import { ScreenEvent } from "../../shared/events/stream.ts";

const KINDS: readonly ScreenEvent["kind"][] = [
  "snapshot",
  "title",
  "poll",
  "tally",
  "link",
  "disk",
  "damage",
  "branch",
  "over",
  "readers",
  "testing",
  "set-up",
  "touch",
  "outcome",
];

/** Opens the line and keeps it open until the returned function is called. */
export function openLine(url: string, ends: LineEnds<ScreenEvent>): () => void {
  return keepLine(url, { kinds: KINDS, schema: ScreenEvent }, ends);
}
