/** The organiser's side of the API, with answers parsed by the API's own schemas. */
import * as v from "valibot";
import { Deliveries, LateBallots } from "../../shared/api/certification.ts";
import { EventShown } from "../../shared/api/event.ts";
import { Poll, Tally, type PollBody } from "../../shared/api/polls.ts";
import { Roll, RollChunk, type VotersBody } from "../../shared/api/roll.ts";
import { Enrolled, JudgedLog, Revoked, StationList, type Revocation } from "../../shared/api/stations.ts";
import { stationCode, stationOnline } from "./station-health.ts";
import { until } from "./within.ts";

export interface Organiser {
  createPoll(poll: v.InferInput<typeof PollBody>): Promise<Poll>;
  poll(id: string): Promise<Poll>;
  open(id: string): Promise<Poll>;
  pause(id: string): Promise<Poll>;
  close(id: string): Promise<Poll>;
  /** By hand. @param reason needed when stations are missing */
  certify(id: string, reason?: string): Promise<Poll>;
  /** Resolves with the poll as soon as it is certified. */
  certified(id: string, limitMs?: number): Promise<Poll>;
  certification(id: string): Promise<Deliveries>;
  late(id: string): Promise<LateBallots>;
  tally(id: string): Promise<Tally>;
  /** Resolves when the counts by option are these; throws with those there were in the end. */
  tallyToBe(id: string, counts: readonly number[], limitMs?: number): Promise<void>;
  enrol(code: string, name: string): Promise<v.InferOutput<typeof Enrolled>>;
  /** Enrol a station by the code it shows, and wait until it is online. @param url the station's address */
  admit(url: string, name?: string): Promise<string>;
  stations(): Promise<StationList>;
  /** Resolves with what became of the station. @param accepted numbers of the last records that still count, by log */
  revoke(station: string, accepted?: v.InferInput<typeof Revocation>["accepted"]): Promise<unknown>;
  judge(log: string, word: "admit" | "reject"): Promise<v.InferOutput<typeof JudgedLog>>;
  /** These voters may vote from now on, and nobody else. */
  adoptRoll(voters: v.InferInput<typeof VotersBody>["voters"]): Promise<void>;
  /** Anyone may vote from now on. */
  dropRoll(): Promise<void>;
  event(): Promise<v.InferOutput<typeof EventShown>>;
  /** Anything else. @param path below `/api/v1`, with its slash. @param headers besides those of every request */
  request(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

/** @param token gives what goes with every request as the bearer's; a restarted server has another */
export function createOrganiser(server: string, token: () => string): Organiser {
  const request = (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    fetch(new URL(`/api/v1${path}`, server), {
      method,
      headers: {
        ...headers,
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
  const poll = (id: string) => ask(Poll, "GET", `/polls/${id}`);
  const enrol = (code: string, name: string) => ask(Enrolled, "POST", "/enrolments", { code, name });
  return {
    request,
    tally,
    poll,
    enrol,
    createPoll: (body) => ask(Poll, "POST", "/polls", body),
    open: (id) => ask(Poll, "POST", `/polls/${id}/open`),
    pause: (id) => ask(Poll, "POST", `/polls/${id}/pause`),
    close: (id) => ask(Poll, "POST", `/polls/${id}/close`),
    certify: (id, reason) => ask(Poll, "POST", `/polls/${id}/certify`, reason === undefined ? {} : { reason }),
    async certified(id, limitMs) {
      const arrived = async () => {
        const now = await poll(id);
        return now.state === "certified" && now;
      };
      return until(`the certificate of ${id}`, arrived, limitMs).catch(async (cause: unknown) => {
        const owed = JSON.stringify(await ask(Deliveries, "GET", `/polls/${id}/certification`));
        throw new Error(`${id} is not certified: ${owed}`, { cause });
      });
    },
    certification: (id) => ask(Deliveries, "GET", `/polls/${id}/certification`),
    late: (id) => ask(LateBallots, "GET", `/polls/${id}/late`),
    stations: () => ask(StationList, "GET", "/stations"),
    revoke: (station, accepted) =>
      ask(Revoked, "POST", `/stations/${station}/revoke`, accepted === undefined ? {} : { accepted }),
    judge: (log, word) => ask(JudgedLog, "POST", `/logs/${log}/${word}`),
    async adoptRoll(voters) {
      const { chunk } = await ask(RollChunk, "POST", "/roll/chunks", { voters });
      await ask(Roll, "PUT", "/roll", { chunks: [chunk] });
    },
    async dropRoll() {
      await ask(Roll, "DELETE", "/roll");
    },
    event: () => ask(EventShown, "GET", "/event"),
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
      const { station } = await enrol(await stationCode(url), name);
      await stationOnline(url);
      return station;
    },
  };
}
