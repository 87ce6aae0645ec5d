/**
 * A keyboard whose keys go nowhere else: held by an `evtest --grab` child, because Node cannot ask the kernel for it itself
 * and only who holds a keyboard gets its keys. Letting go of it is ending the child.
 */
import { createEvtestDecoder } from "./evtest-output.ts";
import type { InputEvent } from "./input-event.ts";
import type { KeyboardEvents, KeyboardOpening } from "./keyboard.ts";
import { findProgram, startKeyboardChild, type FindTool } from "./keyboard-child.ts";
import { NO_EVTEST, takenByOther } from "./trouble.ts";

/** evtest says at once whether another program has the device; a busy machine may take its time to say it. */
const TAKEN_ANSWER_MS = 150;

/** Resolves when the keyboard is held, or with what keeps us from it. */
export function grabKeyboard(
  path: string,
  events: KeyboardEvents,
  findTool: FindTool = findProgram,
): Promise<KeyboardOpening> {
  const evtest = findTool("evtest");
  if (evtest === undefined) return Promise.resolve({ ok: false, trouble: { kind: "said", sentence: NO_EVTEST } });
  const { promise, resolve } = Promise.withResolvers<KeyboardOpening>();
  const decoder = createEvtestDecoder();
  let answer: NodeJS.Timeout | undefined;
  const fail = (trouble: Extract<KeyboardOpening, { ok: false }>["trouble"]) => {
    clearTimeout(answer);
    resolve({ ok: false, trouble });
    events.onGone(trouble);
  };
  const child = startKeyboardChild([evtest, "--grab", path], path, findTool, hear, fail);
  return promise;

  function hear(bytes: Uint8Array): void {
    const keys: InputEvent[] = [];
    for (const word of decoder.push(Buffer.from(bytes).toString("latin1"))) {
      if (word.kind === "taken") {
        fail({ kind: "said", sentence: takenByOther(path) });
        void child.end();
        return;
      }
      if (word.kind === "testing") answer = setTimeout(hold, TAKEN_ANSWER_MS);
      else keys.push(word);
    }
    if (keys.length > 0) events.onEvents(keys);
  }

  function hold(): void {
    resolve({ ok: true, keyboard: { close: () => child.end() } });
  }
}
