/** What people were shown of their votes while a disk failed, to be compared with what is counted in the end. */
import { expect, onTestFinished } from "vitest";
import type { Poll } from "../../shared/api/polls.ts";
import { inEnglish } from "../../shared/sentences/sentence.ts";
import type { Organiser } from "../rig/organiser.ts";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import { stationDrained, stationOnline } from "../rig/station-health.ts";
import { SUCCESS, newBadge, openKiosk, type Kiosk } from "../venue/kiosk.ts";
import { until } from "../rig/within.ts";

export interface Hall {
  readonly server: ServerProgram;
  readonly organiser: Organiser;
  readonly kiosk: Kiosk;
  readonly poll: Poll;
  /** Badges that were shown success. */
  readonly stored: string[];
  /** Somebody taps. @returns what the screen said first */
  tap(badge?: string): Promise<string | null>;
  /** Somebody taps, again and again, until it is stored. */
  tapUntilStored(limitMs?: number): Promise<void>;
  /** Whoever was shown success is counted, once, and nobody else. */
  expectCounted(): Promise<void>;
}

const SLOT = 2;
/** A link that broke is tried again within seconds. */
const DRAIN_MS = 30_000;

/** A server, a kiosk, an open poll, and a first vote in it. @param on these; the kiosk is not admitted yet */
export async function openHall(on?: { server: ServerProgram; kiosk: Kiosk }): Promise<Hall> {
  const { server, kiosk } = on ?? (await openBoth());
  const { organiser } = server;
  await organiser.admit(kiosk.station.url, kiosk.name);
  const { id } = await organiser.createPoll({ question: "Where to?", options: ["Sea", "Hills"], counts: "first" });
  const poll = await organiser.open(id);
  await kiosk.screenToBe("the poll", (screen) => screen.poll?.state === "open");
  const stored: string[] = [];
  const hall: Hall = {
    server,
    organiser,
    kiosk,
    poll,
    stored,
    async tap(badge = newBadge()) {
      const said = await kiosk.tap(SLOT, badge);
      if (SUCCESS.includes(said) && !stored.includes(badge)) stored.push(badge);
      return said;
    },
    async tapUntilStored(limitMs) {
      const before = stored.length;
      const isStored = async () => {
        await hall.tap();
        return stored.length > before;
      };
      await until("a vote to be stored", isStored, limitMs);
    },
    async expectCounted() {
      await stationOnline(kiosk.station.url);
      await stationDrained(kiosk.station.url, DRAIN_MS);
      await organiser.tallyToBe(poll.id, [0, stored.length]);
    },
  };
  stored.push(...(await kiosk.vote(SLOT, 1)));
  return hall;
}

async function openBoth(): Promise<{ server: ServerProgram; kiosk: Kiosk }> {
  const server = await startServerProgram();
  onTestFinished(async () => void (await server.kill9()));
  const kiosk = await openKiosk(server, "Foyer");
  onTestFinished(kiosk.close);
  return { server, kiosk };
}

/** What the station tells whoever watches it: its status, and why. */
export async function healthOf(hall: Pick<Hall, "kiosk">): Promise<{ code: number; body: string }> {
  const reply = await fetch(new URL("/healthz", hall.kiosk.station.url));
  return { code: reply.status, body: await reply.text() };
}

/** No success, a reason on the screen with this remedy, and a health page that alarms. */
export async function expectAlarm(hall: Hall, remedy: RegExp): Promise<void> {
  expect(await hall.tap()).toBe("not-stored");
  await hall.kiosk.screenToBe("the disk is failing", ({ disk }) => disk.state === "failing");
  const { reason } = hall.kiosk.screen().disk;
  expect(reason && inEnglish(reason)).toMatch(remedy);
  expect(await healthOf(hall)).toMatchObject({ code: 503, body: expect.stringMatching(/"status":"failing"/) });
}
