/**
 * What the station's logs count as, and what that means on its screen. Several processes may run with one key (a copied
 * disk): the server tells each of them about the logs of all.
 */
import type { Standing } from "../../shared/domain/projection.ts";

/** `aside`: what this station stores waits for the organiser; `copy`: what a copy of it stores does. */
export type Branch = "aside" | "copy" | "rejected" | null;

export interface Standings {
  /** The server's word on a log that is on this disk, or is not. */
  tell(log: string, standing: Standing): void;
  /** A log's header was answered: what was not told of it by then is that it is taken. */
  settle(log: string): Standing;
  /** Work out again what to show. */
  look(): void;
  disconnected(): void;
}

export interface StandingsSurroundings {
  /** This disk's logs and what they count as, as far as it was told at any time. */
  own: () => readonly { id: string; standing: Standing; current: boolean }[];
  onBranch: (branch: Branch) => void;
}

export function createStandings({ own, onBranch }: StandingsSurroundings): Standings {
  /** Told on this link. */
  const told = new Map<string, Standing>();
  let shown: Branch = null;
  const look = () => {
    const mine = own();
    const copies = [...told].filter(([log]) => !mine.some(({ id }) => id === log)).map(([, standing]) => standing);
    const branch = branchOf(mine, copies);
    if (branch === shown) return;
    shown = branch;
    onBranch(branch);
  };
  return {
    tell: (log, standing) => void told.set(log, standing),
    settle: (log) => told.get(log) ?? "taken",
    look,
    // What is shown stays: offline nothing is decided.
    disconnected: () => told.clear(),
  };
}

function branchOf(mine: readonly { standing: Standing; current: boolean }[], copies: readonly Standing[]): Branch {
  if (mine.some(({ standing }) => standing === "aside")) return "aside";
  if (mine.some(({ standing, current }) => current && standing === "rejected")) return "rejected";
  return copies.includes("aside") ? "copy" : null;
}
