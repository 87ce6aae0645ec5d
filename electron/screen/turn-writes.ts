/** What is written within one turn of the loop leaves in one write: a full hall taps many times in it. */

export interface TurnWrites {
  write(text: string): void;
  /** Characters that wait for the turn's end. */
  waiting(): number;
  /** Nothing more is written. */
  stop(): void;
}

/** @param atTurnsEnd runs once, when what is happening now has happened */
export function createTurnWrites(
  writeAll: (text: string) => void,
  atTurnsEnd: (run: () => void) => void = (run) => void setImmediate(run),
): TurnWrites {
  let waiting = "";
  let stopped = false;
  return {
    write(text) {
      if (stopped) return;
      if (waiting === "") {
        atTurnsEnd(() => {
          const all = waiting;
          waiting = "";
          if (!stopped) writeAll(all);
        });
      }
      waiting += text;
    },
    waiting: () => waiting.length,
    stop() {
      stopped = true;
      waiting = "";
    },
  };
}
