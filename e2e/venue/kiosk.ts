/** A station with virtual readers on a cable of its own, people who hold badges there, and its screen as it is now. */
import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import type { OutcomeKind, ScreenEvent } from "../../shared/events/stream.ts";
import { openCable, type Cable } from "../rig/cable.ts";
import { listenToScreen } from "../rig/screen-events.ts";
import type { ServerProgram } from "../rig/server-program.ts";
import { stationOnline } from "../rig/station-health.ts";
import { startStationProgram, type StationProgram } from "../rig/station-program.ts";
import { until, within } from "../rig/within.ts";

type Screen = Extract<ScreenEvent, { kind: "snapshot" }>;

export interface Kiosk {
  readonly name: string;
  readonly station: StationProgram;
  readonly cable: Cable;
  /** What a screen that looks on shows now. */
  screen(): Screen;
  /** Resolves as soon as the screen is like that. */
  screenToBe(what: string, like: (screen: Screen) => boolean, limitMs?: number): Promise<void>;
  /**
   * A badge is held to the reader of this slot. Resolves with what the screen says of it first; null when the station dies
   * before it says anything.
   */
  tap(slot: number, badge?: string): Promise<OutcomeKind | null>;
  /** What outcomes became later, under the same id, since the station was started. */
  readonly verdicts: readonly OutcomeKind[];
  /**
   * New people, one after the other, each of whom must be shown success (who comes before a new question takes votes, goes
   * away again). Resolves with their badges.
   */
  vote(slot: number, people: number): Promise<string[]>;
  kill9(): Promise<void>;
  stop(): Promise<void>;
  /** Start it again on the same disk and port; resolves when the screen is there. */
  restart(): Promise<void>;
  /** Resolves when it is connected to the server. */
  online(): Promise<void>;
  /** Pull its cable; resolves when it has noticed. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

export const SUCCESS: readonly (OutcomeKind | null)[] = [
  "stored",
  "safe-here",
  "counted",
  "changed",
  "already-counted",
];
/** A badge that comes back sooner may never have left: the virtual readers' own 600 ms, more on a busy machine. */
const SAME_TAP_MS = 1_500;
/** A live station answers within milliseconds; this is for a busy machine. */
const ANSWER_MS = 10_000;
/** As the 125 kHz readers give them; none of these is a random UID. */
const UID_BYTES = 5;
/** A letter to begin with: in a list of voters ten digits alone were a decimal number. */
const LETTER = 0xa0;

export function newBadge(): string {
  const uid = randomBytes(UID_BYTES);
  uid[0] = LETTER | (uid[0] ?? 0);
  return uid.toString("hex");
}

/** Start a station on this data directory, or a new one; it is not admitted here. */
export async function openKiosk(server: ServerProgram, name: string, data?: string): Promise<Kiosk> {
  const cable = await openCable(server.url);
  const station = await startStationProgram({
    server: cable.url,
    demo: true,
    ...(data === undefined ? {} : { data }),
  });
  const ears = listenToScreen(station.url);
  const news = new EventEmitter();
  news.setMaxListeners(0);
  let screen: Screen | undefined;
  let seen = new Set<string>();
  const verdicts: OutcomeKind[] = [];
  /** When a badge was held to a reader last. */
  const held = new Map<string, number>();
  ears.on((event) => {
    if (event.kind === "snapshot") {
      screen = event;
      seen = new Set();
      verdicts.length = 0;
    } else if (event.kind === "outcome") {
      const { id, kind } = event.outcome;
      if (seen.has(id)) verdicts.push(kind);
      else news.emit("answer", kind);
      seen.add(id);
    } else if (screen !== undefined) {
      const { kind: _, ...change } = event;
      screen = { ...screen, ...change };
    }
  });
  const shown = () => {
    if (screen === undefined) throw new Error(`${name} has shown nothing yet`);
    return screen;
  };
  const screenThere = () => until(`the screen of ${name}`, () => screen !== undefined);
  const gone = async (end: () => Promise<unknown>) => {
    await end();
    screen = undefined;
    news.emit("answer", null);
  };
  await screenThere();

  const kiosk: Kiosk = {
    name,
    station,
    cable,
    verdicts,
    screen: shown,
    async screenToBe(what, like, limitMs) {
      await until(`${name}: ${what}`, () => screen !== undefined && like(screen), limitMs).catch((cause: unknown) => {
        throw new Error(`${name} shows ${JSON.stringify(screen)}`, { cause });
      });
    },
    async tap(slot, badge = newBadge()) {
      const leftMs = held.get(`${slot} ${badge}`) ?? Number.NEGATIVE_INFINITY;
      await until("the badge to have left the reader", () => performance.now() - leftMs > SAME_TAP_MS);
      held.set(`${slot} ${badge}`, performance.now());
      const { promise, resolve } = Promise.withResolvers<OutcomeKind | null>();
      news.once("answer", resolve);
      try {
        const reply = await fetch(new URL("/demo/taps", station.url), {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ slot, uid: badge }),
        });
        if (!reply.ok) throw new Error(`a tap was answered ${reply.status}`);
      } catch (error) {
        // Killed in the middle of it; whether a ballot was made, its disk knows.
        if (error instanceof TypeError) return null;
        throw error;
      }
      return within(ANSWER_MS, `an answer to a badge at reader ${slot} of ${name}`, promise);
    },
    async vote(slot, people) {
      const badges: string[] = [];
      while (badges.length < people) {
        // Not all at once: a reader forgets who lies on it when there are hundreds.
        const { badge, said } = await until(`${name} to take votes`, async () => {
          const fresh = newBadge();
          const answer = await kiosk.tap(slot, fresh);
          return answer === "new-question" ? null : { badge: fresh, said: answer };
        });
        if (!SUCCESS.includes(said)) throw new Error(`a badge at reader ${slot} of ${name} was answered ${said}`);
        badges.push(badge);
      }
      return badges;
    },
    kill9: () => gone(station.kill9),
    stop: () => gone(station.stop),
    async restart() {
      screen = undefined;
      held.clear();
      await station.restart();
      await screenThere();
    },
    online: () => stationOnline(station.url),
    async cut() {
      cable.pull();
      await kiosk.screenToBe("the cable is out", ({ link }) => link.state !== "online");
    },
    async close() {
      ears.close();
      await station.kill9();
      cable.close();
    },
  };
  return kiosk;
}
