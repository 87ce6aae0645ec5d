/**
 * A keyboard that is read and left to whoever else reads it: it may be a person's.
 *
 * A child (`cat`) reads it. A read of our own that waits for a key would hold one of the few threads that read files, and
 * one that looks again and again comes too late: the kernel keeps 64 events for a reader, a number is 66, and on a slow
 * machine a wedge lost most of its keys that way (seen on a real kernel).
 */
import { createInputEventDecoder } from "./input-event.ts";
import type { KeyboardEvents, KeyboardOpening } from "./keyboard.ts";
import { findProgram, startKeyboardChild, type FindTool } from "./keyboard-child.ts";
import { NO_CAT } from "./trouble.ts";

/** Never rejects. That it cannot be read is told by `onGone`. */
export async function listenToKeyboard(
  path: string,
  events: KeyboardEvents,
  findTool: FindTool = findProgram,
): Promise<KeyboardOpening> {
  const cat = findTool("cat");
  if (cat === undefined) return { ok: false, trouble: { kind: "said", sentence: NO_CAT } };
  const decoder = createInputEventDecoder();
  const hear = (bytes: Uint8Array) => {
    const keys = decoder.push(bytes);
    if (keys.length > 0) events.onEvents(keys);
  };
  const child = startKeyboardChild([cat, path], path, findTool, hear, (trouble) => events.onGone(trouble));
  return { ok: true, keyboard: { close: () => child.end() } };
}
