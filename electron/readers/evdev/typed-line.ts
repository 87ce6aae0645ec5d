/**
 * From keys to a tag's number, as a keyboard wedge types it: characters at a machine's speed, then Enter.
 *
 * A keyboard may be a person's. So what is typed is held only until Enter, and what no wedge would have typed is forgotten
 * and never passed on: too slow, with Ctrl or Alt held, too long, or with other keys.
 */
import { MAX_NUMBER_DIGITS } from "../../../shared/domain/tag-number.ts";
import type { InputEvent } from "./input-event.ts";

export type TypedLine =
  | { kind: "number"; digits: string }
  /** As fast as a machine types, but no number. */
  | { kind: "bad" };

/** Wedges need 1 to 30 ms for a key; the fastest typists 60 ms only now and then, never a whole number through. */
export const SLOW_KEY_MS = 60;
/** A busy machine may hold up one key of a number. */
const MAX_SLOW_KEYS = 1;
/**
 * After so long a number does not go on: it was cut off, and what comes now is whatever comes. Up to the next Enter nothing
 * counts, because the rest of a number would be the number of another tag.
 */
export const CUT_OFF_MS = 500;
/** No tag's number is shorter, and it takes some keys to tell a machine from a person. */
const MIN_TYPED = 4;
/** The longest number that normal-form.ts reads. */
export const MAX_TYPED = MAX_NUMBER_DIGITS;

const DOWN = 1;
const ENTER = new Set([28, 96]);
/** Ctrl, Alt and the key with the window on it, left and right. */
const COMMANDS = new Set([29, 97, 56, 100, 125, 126]);
/** Shift, for capital letters, and for digits where a wedge is set to a French keyboard; NumLock and CapsLock. */
const SILENT = new Set([42, 54, 58, 69]);

/** Codes of linux/input-event-codes.h. They are places on a keyboard, named by the US layout, in which wedges come. */
const CHARACTERS = new Map<number, string>([
  ...placed([2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "1234567890"),
  // The keypad.
  ...placed([79, 80, 81, 75, 76, 77, 71, 72, 73, 82], "1234567890"),
  ...placed([30, 48, 46, 32, 18, 33], "abcdef"),
  [51, ","],
]);

function placed(codes: readonly number[], characters: string): [number, string][] {
  return codes.map((code, at) => [code, characters.charAt(at)]);
}

/** What was typed since the last Enter. `spoilt`: no number any more, whatever follows. */
interface Typing {
  text: string;
  keys: number;
  lastMs: number;
  slowKeys: number;
  spoilt: boolean;
}

export interface LineReader {
  /** The line that this event ends, if it is one that a machine typed. */
  take(event: InputEvent): TypedLine | null;
  /** What was typed so far may be the rest of something: up to the next Enter nothing counts. */
  distrust(): void;
  /** Characters held: never more than `MAX_TYPED`. */
  readonly heldChars: number;
}

export function createLineReader(): LineReader {
  const commandsDown = new Set<number>();
  let typing: Typing | null = null;

  function goOn(atMs: number): Typing {
    typing ??= { text: "", keys: 0, lastMs: atMs, slowKeys: 0, spoilt: false };
    // The kernel's clock may be set back while somebody types.
    const gapMs = Math.abs(atMs - typing.lastMs);
    if (gapMs > SLOW_KEY_MS) typing.slowKeys++;
    if (gapMs > CUT_OFF_MS) typing.spoilt = true;
    typing.lastMs = atMs;
    return typing;
  }

  function end(atMs: number): TypedLine | null {
    const { text, keys, slowKeys, spoilt } = goOn(atMs);
    typing = null;
    if (keys < MIN_TYPED || slowKeys > MAX_SLOW_KEYS || commandsDown.size > 0) return null;
    return spoilt ? { kind: "bad" } : { kind: "number", digits: text };
  }

  return {
    take(event) {
      if (event.kind === "dropped") {
        // Which keys are down is not known either.
        commandsDown.clear();
        if (typing !== null) typing.spoilt = true;
        return null;
      }
      const { code, value, atMs } = event;
      if (COMMANDS.has(code)) {
        if (value === 0) commandsDown.delete(code);
        else commandsDown.add(code);
      }
      if (value !== DOWN || SILENT.has(code)) return null;
      if (ENTER.has(code)) return end(atMs);
      const now = goOn(atMs);
      now.keys++;
      const character = CHARACTERS.get(code);
      if (character === undefined || commandsDown.size > 0 || now.text.length === MAX_TYPED) now.spoilt = true;
      now.text = now.spoilt ? "" : now.text + character;
      return null;
    },
    distrust() {
      if (typing !== null) typing.spoilt = true;
    },
    get heldChars() {
      return typing?.text.length ?? 0;
    },
  };
}
