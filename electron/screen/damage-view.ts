/** What `GET /healthz` says of a damaged file that is kept: for whoever watches the station from afar. */
import type { ScreenDamage } from "../../shared/events/stream.ts";

interface Saved {
  aside: string;
  logs: number;
  records: number;
  lost: number;
}

export interface DamageView {
  file: string;
  files: number;
  /** What could be read of it; null when it is not known, or nothing had to be. */
  saved: { logs: number; records: number; lostAtLeast: number } | null;
  remedy: string;
}

export function damageView(damage: ScreenDamage, rescued: Saved | undefined): DamageView | null {
  if (damage === null) return null;
  const saved =
    rescued !== undefined && rescued.aside === damage.file
      ? { logs: rescued.logs, records: rescued.records, lostAtLeast: rescued.lost }
      : null;
  const remedy =
    "Keep this file for the organiser: move it out of the data folder. What could be read of it is stored; votes cast just before may be lost.";
  return { ...damage, saved, remedy };
}
