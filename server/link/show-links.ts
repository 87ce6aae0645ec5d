/** The states of all links as presence shows them. */
import type { ConnectedStation, WaitingStation } from "./presence.ts";
import { countUndelivered, type Reaches } from "./reach.ts";
import type { Session } from "./session.ts";

type State = Session["state"];

/** `isWanted`: is what is missing of this log still to come? */
export function showConnected(states: readonly State[], isWanted: (log: string) => boolean): ConnectedStation[] {
  const links = states.filter((state) => state.step === "admitted");
  const reaches = new Map<string, Reaches[]>();
  for (const { station, reaches: own } of links) {
    const others = reaches.get(station);
    if (others === undefined) reaches.set(station, [own]);
    else others.push(own);
  }
  const undelivered = new Map<string, number>();
  for (const [station, all] of reaches) undelivered.set(station, countUndelivered(all, isWanted));
  return links.map(({ station, software, sinceMs }) => ({
    station,
    sinceMs,
    software,
    undelivered: undelivered.get(station) ?? 0,
    diverged: (reaches.get(station) ?? []).some((own) => [...own.values()].some((reach) => reach?.differs === true)),
  }));
}

export function showWaiting(states: readonly State[]): WaitingStation[] {
  return states
    .filter((state) => state.step === "waiting")
    .map(({ arrival: { station, key, code, software }, sinceMs }) => ({ station, key, code, sinceMs, software }));
}
