/**
 * The heirs of a log: those that go on from it, and no server has heard of. When what the log ends with moves, they are made
 * anew, as if that had been known at their opening: with their times and their records, behind the place that is the
 * log's end now. Two branches that both grow would look like two stations.
 */
import { sameBytes, toHex } from "../../shared/bytes.ts";
import type { LogHeader, LogPlace } from "../../shared/domain/record.ts";
import type { Heir, NewLog, StoredLog } from "./log-messages.ts";
import type { StationLog } from "./station-log.ts";

/** A log with its header read. */
export interface HeadedLog {
  stored: StoredLog;
  header: LogHeader;
}

/**
 * What the heirs of a log are to become, parents before children. One that may have been heard of stays as it is, with all
 * that goes on from it: its records may be at the server under its name.
 * @param known oldest first
 * @param from the id of the log whose end moves
 * @param moved the salvaged log, and after which number of the old one its records begin
 * @param make a signed header for what this log becomes
 */
export async function inheritFrom(
  known: readonly HeadedLog[],
  from: Uint8Array,
  moved: { after: number; to: NewLog },
  store: Pick<StationLog, "foresee">,
  make: (heir: LogHeader, parent: LogPlace) => NewLog,
): Promise<Heir[]> {
  const becomes = new Map<string, { old: Uint8Array; after: number; to: NewLog }>([
    [toHex(from), { old: from, ...moved }],
  ]);
  /** Where each of them will end: asked once, and only for those that something goes on from. */
  const ends = new Map<string, LogPlace>();
  const heirs: Heir[] = [];
  for (const { stored, header } of known) {
    const old = header.parent && toHex(header.parent.log);
    const parent = old === null ? undefined : becomes.get(old);
    if (old === null || parent === undefined || stored.heard || sameBytes(stored.log, moved.to.log)) continue;
    const end = ends.get(old) ?? (await foreseen(store, parent));
    ends.set(old, end);
    const to = make(header, end);
    becomes.set(toHex(stored.log), { old: stored.log, after: 0, to });
    heirs.push({ from: stored.log, to });
  }
  return heirs;
}

async function foreseen(
  store: Pick<StationLog, "foresee">,
  { old, after, to }: { old: Uint8Array; after: number; to: NewLog },
): Promise<LogPlace> {
  return { log: to.log, ...(await store.foresee(old, after, to.hash)) };
}
