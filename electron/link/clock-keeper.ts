/** Decides which measurements of the server's clock become records of the log. */
import type { ClockRecord } from "../../shared/domain/record.ts";
import { worthRecording } from "./clock-sync.ts";

export interface ClockKeeper {
  measured(clock: ClockRecord): void;
  /** The machine slept, or its clock was set: the next measurement is worth a record, whatever it says. */
  renew(): void;
}

/** @param note stores a record; true when it is on disk */
export function createClockKeeper(note: (record: ClockRecord) => Promise<boolean>): ClockKeeper {
  let last: ClockRecord | undefined;
  return {
    measured(clock) {
      if (!worthRecording(last, clock)) return;
      const before = last;
      last = clock;
      void note(clock).then((stored) => {
        // Not on disk: the next measurement is worth as much as this one was.
        if (!stored && last === clock) last = before;
        return undefined;
      });
    },
    renew: () => void (last = undefined),
  };
}
