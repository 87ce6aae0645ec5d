/** What a round of chance plays with: one server, three stations and their copies, badges, polls, disks put aside. */
import type { OutcomeKind } from "../../shared/events/stream.ts";
import type { Random } from "../crash/random.ts";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import { newBadge, openKiosk, type Kiosk } from "../venue/kiosk.ts";

export const STATIONS = 3;
export const OPTIONS = 3;
/** Few enough that most of them vote several times, here and there. */
const BADGES = 15;

/** Success that was shown to somebody. */
interface Shown {
  badge: string;
  option: number;
  poll: string;
  kind: OutcomeKind;
}

/** A process of a station, and what it showed success for that its disk must hold. */
export interface Runner {
  kiosk: Kiosk;
  /** 0 to 2; of a copy, that of the original. */
  station: number;
  up: boolean;
  shown: Shown[];
  /** The last taps planned here. */
  lately: string[];
}

/** A disk put aside, with the successes that must be on it. */
interface PutAside {
  station: number;
  path: string;
  shown: Shown[];
}

export interface World {
  random: Random;
  server: ServerProgram;
  runners: Runner[];
  badges: string[];
  /** Polls by id, the newest last. */
  polls: string[];
  disks: PutAside[];
  backups: string[];
  /** Stations of which two ran at once. */
  twins: Set<number>;
  /** Stations that the organiser revoked. */
  revoked: Set<number>;
  /** A lost disk, a copy or a station out of the event: whether all has drained, is for a person to say. */
  dubious: boolean;
  /** From now on the server's ledger is not put back: what the organiser decided would be undone. */
  decided: boolean;
  /** What happened, for whoever reads of a failure. */
  story: string[];
}

export const nameOf = (station: number) => `Station ${station + 1}`;

export async function openWorld(random: Random): Promise<World> {
  const server = await startServerProgram();
  const runners = await Promise.all(
    Array.from({ length: STATIONS }, async (_, station): Promise<Runner> => {
      const kiosk = await openKiosk(server, nameOf(station));
      await server.organiser.admit(kiosk.station.url, kiosk.name);
      return { kiosk, station, up: true, shown: [], lately: [] };
    }),
  );
  const badges = Array.from({ length: BADGES }, newBadge);
  const chances = { twins: new Set<number>(), revoked: new Set<number>(), dubious: false, decided: false };
  return { random, server, runners, badges, polls: [], disks: [], backups: [], story: [], ...chances };
}

export async function closeWorld({ runners, server }: World): Promise<void> {
  await Promise.all(runners.map(({ kiosk }) => kiosk.close()));
  await server.kill9();
}

/** One of them, by chance; undefined when there is none. */
export function pick<Item>(random: Random, items: readonly Item[]): Item | undefined {
  return items[random.whole(0, Math.max(0, items.length - 1))];
}
