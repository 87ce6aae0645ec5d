/**
 * The server's history of a log is not the beginning of ours: somebody else wrote it, too. What both have stays, what only
 * we have moves to a new log, and with it the logs that go on from there and that the server has not heard of.
 */
import type { LogPlace } from "../../shared/domain/record.ts";
import type { StoredLog } from "../log/log-messages.ts";
import type { OwnLogs } from "../log/own-logs.ts";
import type { History } from "./history.ts";
import { cutBack, type Sending } from "./sending.ts";

export interface RepairSurroundings {
  logs: Sending[];
  history: Pick<History, "lastCommon">;
  hashAt: (log: Uint8Array, number: number) => Promise<Uint8Array>;
  /** The id of the log that records go to now, hexadecimal. */
  current: () => string | undefined;
  /** Move what a log holds after this place to a new one; null when there was nothing to move. */
  salvage: OwnLogs["salvage"];
  /** A log that was made. */
  add: (log: StoredLog) => void;
}

type Repaired =
  /** All we have of the log is there. */
  | { kind: "same"; number: number }
  /** The log ends earlier now, and there may be others. */
  | { kind: "cut" }
  /** The link broke before it was known what to do. */
  | { kind: "gone" };

export interface Repair {
  /** @param isLive whether the link that it began on is still there */
  repair(log: Sending, theirHead: number, isLive: () => boolean): Promise<Repaired>;
  /** Are records being moved on disk? */
  isMoving(): boolean;
}

export function createRepair({ logs, history, hashAt, current, salvage, add }: RepairSurroundings): Repair {
  let moving = 0;
  const move = async (log: Sending, after: LogPlace, next: Uint8Array | null) => {
    const salvaged = await salvage(log.stored.header, after, next);
    cutBack(log, after.number, after.hash);
    if (salvaged === null) return;
    // At once: the next record that is stored is of one of these.
    const staying = logs.filter(({ id }) => !salvaged.gone.includes(id));
    logs.splice(0, logs.length, ...staying);
    salvaged.made.forEach(add);
  };
  return {
    isMoving: () => moving > 0,
    async repair(log, theirHead, isLive) {
      const number = await history.lastCommon(log.stored.log, log.stored.head, theirHead);
      if (number === undefined || !isLive()) return { kind: "gone" };
      const hash = await hashAt(log.stored.log, number);
      const next = number < log.stored.head ? await hashAt(log.stored.log, number + 1) : null;
      // The current log is not ours alone any more: it is left even if there is nothing to move.
      if (log.id !== current() && number === log.stored.head) return { kind: "same", number };
      moving += 1;
      try {
        // Whatever becomes of the link meanwhile: on disk it is so.
        await move(log, { log: log.stored.log, number, hash }, next);
      } finally {
        moving -= 1;
      }
      return { kind: "cut" };
    },
  };
}
