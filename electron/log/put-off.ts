/**
 * What may be lost anyway, the acks and the screen's last picture, is passed to the log's thread only now and then, the
 * newest of each: every message wakes it, and would do so for each vote just when its voter is to hear that it counted.
 */
import type { LogRequest } from "./log-messages.ts";

/** Short beside the second that the thread itself lets them wait. */
const PASS_ON_MS = 200;

export interface PutOff {
  /** In place of what was put off under the same key. */
  add(key: string, request: LogRequest): void;
  /** Pass all of it on now, before something else. */
  flush(): void;
}

export function createPutOff(
  tell: (request: LogRequest) => void,
  setTimer: (run: () => void, delayMs: number) => () => void = setUnreferencedTimer,
): PutOff {
  const waiting = new Map<string, LogRequest>();
  let cancel: (() => void) | undefined;
  const flush = () => {
    cancel?.();
    cancel = undefined;
    const requests = [...waiting.values()];
    waiting.clear();
    requests.forEach(tell);
  };
  return {
    flush,
    add(key, request) {
      waiting.set(key, request);
      cancel ??= setTimer(flush, PASS_ON_MS);
    },
  };
}

/** An orderly close passes it on by itself. */
function setUnreferencedTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}
