/** The organiser's side of the API, with answers parsed by the API's own schemas. */
import * as v from "valibot";
import { Poll, Tally, type PollBody } from "../../shared/api/polls.ts";
import { Enrolled, StationList } from "../../shared/api/stations.ts";
import { stationCode, stationOnline } from "./station-health.ts";
import { until } from "./within.ts";

export interface Organiser {
  createPoll(poll: v.InferInput<typeof PollBody>): Promise<Poll>;
  open(id: string): Promise<Poll>;
  pause(id: string): Promise<Poll>;
  close(id: string): Promise<Poll>;
  tally(id: string): Promise<Tally>;
  /** Resolves when the counts by option are these; throws with those there were in the end. */
  tallyToBe(id: string, counts: readonly number[], limitMs?: number): Promise<void>;
  enrol(code: string, name: string): Promise<v.InferOutput<typeof Enrolled>>;
  /** Enrol a station by the code it shows, and wait until it is online. @param url the station's address */
  admit(url: string, name?: string): Promise<void>;
  stations(): Promise<StationList>;
  /** Anything else. @param path below `/api/v1`, with its slash */
  request(method: string, path: string, body?: unknown): Promise<Response>;
}

/** @param token gives what goes with every request as the bearer's; a restarted server has another */
export function createOrganiser(server: string, token: () => string): Organiser {
  const request = (method: string, path: string, body?: unknown) =>
    fetch(new URL(`/api/v1${path}`, server), {
      method,
      headers: {
        authorization: `Bearer ${token()}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
  async function ask<S extends v.GenericSchema>(schema: S, method: string, path: string, body?: unknown) {
    const response = await request(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return v.parse(schema, JSON.parse(text));
  }
  const tally = (id: string) => ask(Tally, "GET", `/polls/${id}/tally`);
  const enrol = (code: string, name: string) => ask(Enrolled, "POST", "/enrolments", { code, name });
  return {
    request,
    tally,
    enrol,
    createPoll: (poll) => ask(Poll, "POST", "/polls", poll),
    open: (id) => ask(Poll, "POST", `/polls/${id}/open`),
    pause: (id) => ask(Poll, "POST", `/polls/${id}/pause`),
    close: (id) => ask(Poll, "POST", `/polls/${id}/close`),
    stations: () => ask(StationList, "GET", "/stations"),
    async tallyToBe(id, counts, limitMs) {
      let last: readonly number[] = [];
      const arrived = async () => {
        last = (await tally(id)).counts;
        return last.join() === counts.join();
      };
      await until("the tally", arrived, limitMs).catch((cause: unknown) => {
        throw new Error(`the tally of ${id} is ${last.join()}, not ${counts.join()}`, { cause });
      });
    },
    async admit(url, name = "Kiosk") {
      await enrol(await stationCode(url), name);
      await stationOnline(url);
    },
  };
}
