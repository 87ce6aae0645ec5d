/**
 * What `evtest --grab` prints (evtest 1.35, `print_events` and `do_capture` of evtest.c): about the device first, then `Testing`,
 * then at once that another program holds the device if one does, then a line for each event. Its output is unbuffered
 * where it is no terminal, so lines come in pieces.
 */
import type { InputEvent } from "./input-event.ts";

type EvtestWord =
  | InputEvent
  /** It is about to take the device. */
  | { kind: "testing" }
  /** Another program has it: no events will come. */
  | { kind: "taken" };

/** An event's line has 100 characters at most; a device's name may make longer ones, which say nothing to us. */
export const EVTEST_MAX_LINE = 512;

const KEY = /^Event: time (\d{1,12})\.(\d{6}), type 1 \(EV_KEY\), code (\d{1,5}) \([^)]{0,40}\), value ([0-2])$/;

export interface EvtestDecoder {
  push(text: string): EvtestWord[];
  /** Characters of an unfinished line: never more than `EVTEST_MAX_LINE`. */
  readonly heldChars: number;
}

export function createEvtestDecoder(): EvtestDecoder {
  let line = "";
  let passingOver = false;

  function end(): EvtestWord[] {
    const word = passingOver ? undefined : wordOf(line);
    line = "";
    passingOver = false;
    return word === undefined ? [] : [word];
  }

  return {
    push(text) {
      const words: EvtestWord[] = [];
      for (const [at, piece] of text.split("\n").entries()) {
        if (at > 0) words.push(...end());
        passingOver ||= line.length + piece.length > EVTEST_MAX_LINE;
        line = passingOver ? "" : line + piece;
      }
      return words;
    },
    get heldChars() {
      return line.length;
    },
  };
}

function wordOf(line: string): EvtestWord | undefined {
  if (!line.startsWith("Event: time ")) {
    if (line.startsWith("Testing ...")) return { kind: "testing" };
    return line === "  This device is grabbed by another process." ? { kind: "taken" } : undefined;
  }
  const [, seconds, microseconds, code, value] = KEY.exec(line) ?? [];
  if (code !== undefined) {
    const atMs = Number(seconds) * 1_000 + Number(microseconds) / 1_000;
    return { kind: "key", code: Number(code), value: Number(value), atMs };
  }
  return line.includes(" SYN_DROPPED ") ? { kind: "dropped" } : undefined;
}
