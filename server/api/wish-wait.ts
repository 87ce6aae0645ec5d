/** Waiting for a station's word on a change of its readers: a moment, never for ever, and not without number. */
import type { MappingWish } from "../../shared/domain/projection.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { MAPPING_WAIT_MS, MAX_MAPPING_WAITERS } from "./limits.ts";

export interface WishWait {
  /**
   * The station's wish as soon as the one at this cursor was answered, or another took its place; null when neither came in
   * time.
   */
  answered(station: string, cursor: number): Promise<MappingWish | null>;
}

export function createWishWait(ledger: Pick<Ledger, "standing" | "onCommit">, waitMs = MAPPING_WAIT_MS): WishWait {
  let waiting = 0;
  const endOf = (wish: MappingWish | null | undefined, cursor: number): MappingWish | null =>
    wish && (wish.cursor !== cursor || wish.answer !== null) ? wish : null;
  return {
    async answered(station, cursor) {
      if (waiting >= MAX_MAPPING_WAITERS) return null;
      waiting += 1;
      try {
        return await new Promise((resolve) => {
          const done = (wish: MappingWish | null) => {
            clearTimeout(timer);
            stop();
            resolve(wish);
          };
          const timer = setTimeout(() => done(null), waitMs);
          const look = (wish: MappingWish | null | undefined) => {
            const end = endOf(wish, cursor);
            if (end !== null) done(end);
          };
          const stop = ledger.onCommit(({ stations }) => {
            for (const row of stations) if (row.station === station) look(row.wish);
          });
          // It may have been answered before anybody listened.
          void ledger.standing().then(({ stations }) => look(stations.get(station)?.wish));
        });
      } finally {
        waiting -= 1;
      }
    },
  };
}
