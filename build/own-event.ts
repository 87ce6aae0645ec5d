/** What `npm start` does as the organiser of its own small event: admit its own station, offer a first question. */
import * as v from "valibot";

export interface Organiser {
  call(method: "GET" | "POST" | "PUT", path: string, body?: unknown): Promise<unknown>;
}

const DEMO_TITLE = "Try it out";
const DEMO_POLL = {
  question: "What should the north hall become next year?",
  options: [
    "A quiet reading room",
    "Workshops for children",
    "A stage for local music",
    "More of the collection",
    "A café with a view",
  ],
  counts: "last",
  upTo: 1,
  results: "live",
} as const;

const STATION_WAIT_MS = 30_000;
const LOOK_EVERY_MS = 100;
const CALL_MS = 10_000;

/** @param token of whoever owns the server's data directory */
export function createOrganiser(server: string, token: string): Organiser {
  return {
    async call(method, path, body) {
      const reply = await fetch(new URL(path, server), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(CALL_MS),
      });
      const text = await reply.text();
      if (!reply.ok) throw new Error(`${method} ${path} was answered ${reply.status}: ${text}`);
      const answer: unknown = text === "" ? undefined : JSON.parse(text);
      return answer;
    },
  };
}

const StationHealth = v.object({ link: v.string(), code: v.nullable(v.string()) });

/** Admit the station at `url` with the code it shows; nothing to do when it is admitted already. */
export async function enrolOwnStation(organiser: Organiser, url: string): Promise<void> {
  const until = Date.now() + STATION_WAIT_MS;
  while (Date.now() < until) {
    const reply = await fetch(new URL("/healthz", url), { signal: AbortSignal.timeout(CALL_MS) });
    const health = v.parse(StationHealth, await reply.json());
    if (health.link === "online") return;
    if (health.code !== null) {
      await organiser.call("POST", "/api/v1/enrolments", { code: health.code, name: "This computer" });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error("The station did not reach the server in time; see what both printed.");
}

const Polls = v.object({ polls: v.array(v.unknown()) });
const Poll = v.object({ id: v.string() });
const Event = v.object({ title: v.string() });

/** A first question, when there is none yet. */
export async function offerDemoPoll(organiser: Organiser): Promise<void> {
  const { polls } = v.parse(Polls, await organiser.call("GET", "/api/v1/polls"));
  if (polls.length > 0) return;
  const event = v.parse(Event, await organiser.call("GET", "/api/v1/event"));
  if (event.title === "") await organiser.call("PUT", "/api/v1/event", { title: DEMO_TITLE });
  const poll = v.parse(Poll, await organiser.call("POST", "/api/v1/polls", DEMO_POLL));
  await organiser.call("POST", `/api/v1/polls/${poll.id}/open`);
}
