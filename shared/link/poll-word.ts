/**
 * What the server signs of a poll when it tells its stations. They keep it, and a server that was put back to a backup
 * knows its own word again when they show it.
 */
import { ascii, concatBytes } from "../bytes.ts";
import { encodeCbor } from "../cbor.ts";
import type { PackedCourse } from "../domain/course.ts";

/** A fixed word, then `[event, definition, [state, moves, windows, closedAtMs, totals]]`. */
export function pollWordToSign(event: Uint8Array, definition: Uint8Array, course: PackedCourse): Uint8Array {
  return concatBytes(ascii("polling-station/1 poll\n"), encodeCbor([event, definition, course]));
}
