/** A server, its kiosks and a poll, for a test in which readers are not the point; all of it is gone when the test is. */
import { onTestFinished } from "vitest";
import type { Poll } from "../../shared/api/polls.ts";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import type { Organiser } from "../rig/organiser.ts";
import { until } from "../rig/within.ts";
import { openKiosk, type Kiosk } from "./kiosk.ts";

type PollWish = Partial<Parameters<Organiser["createPoll"]>[0]>;

export interface Venue {
  readonly server: ServerProgram;
  readonly organiser: Organiser;
  /** One more kiosk, admitted and online. */
  addKiosk(name: string): Promise<Kiosk>;
  /** A station on a data directory of another one: admitted already. */
  addCopy(name: string, data: string): Promise<Kiosk>;
  /** A poll of three options, open. Resolves when these kiosks take votes for it. */
  openPoll(kiosks: readonly Kiosk[], wish?: PollWish): Promise<Poll>;
}

export async function openVenue(): Promise<Venue> {
  const server = await startServerProgram();
  onTestFinished(async () => void (await server.kill9()));
  const { organiser } = server;
  const add = async (name: string, data?: string) => {
    const kiosk = await openKiosk(server, name, data);
    onTestFinished(kiosk.close);
    return kiosk;
  };
  return {
    server,
    organiser,
    async addKiosk(name) {
      const kiosk = await add(name);
      await organiser.admit(kiosk.station.url, name);
      return kiosk;
    },
    addCopy: add,
    async openPoll(kiosks, wish = {}) {
      const draft = { question: "Where to?", options: ["Sea", "Hills", "Town"], counts: "first" as const, ...wish };
      const { id } = await organiser.createPoll(draft);
      const poll = await organiser.open(id);
      for (const kiosk of kiosks) {
        await kiosk.screenToBe("the poll", (screen) => screen.poll?.id === id && screen.poll.state === "open");
      }
      return poll;
    },
  };
}

/** The kiosk's id at the server, by the name it was admitted under. */
export async function idOf(organiser: Organiser, name: string): Promise<string> {
  const { stations } = await organiser.stations();
  const found = stations.filter((station) => station.name === name);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} stations are called ${name}`);
  return found[0].station;
}

/** Two stations measure the server's clock to some milliseconds; what is further apart has an order. */
const TOLD_APART_MS = 60;

export async function clocksMoveOn(): Promise<void> {
  const fromMs = performance.now();
  await until("the clocks to move on", () => performance.now() - fromMs > TOLD_APART_MS);
}
