/** Every route of the API with requests near valid ones, fuzzed in the process, without sockets. For tests only. */
import * as v from "valibot";
import type { Random } from "../../shared/domain/model/random.testing.ts";
import { PROBLEM_MEDIA_TYPE, Problem } from "../../shared/api/problem.ts";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateText } from "../../shared/fuzz/mutate-text.testing.ts";
import { mutateTree, type Tree } from "../../shared/fuzz/mutate-tree.testing.ts";
import { EVENT, PASSWORD, createTestBed, slugOf, type TestBed } from "../api/test-bed.ts";
import { securityHeaders } from "../api/security-headers.ts";

/** What organisers write piles up; a new server begins before lists of polls take most of the time. */
const REQUESTS_PER_SERVER = 5_000;
/** Logging out is one of the requests; soon after, the next ones are an organiser's again. */
const REQUESTS_PER_LOGIN = 20;
/** A reply that could be told in 2 s is not waited for here. */
const CURSOR_WAIT_MS = 1;

const ID = "0123456789abcdef".repeat(2);

/** A valid body for each operation that takes one, by its id in `/openapi.json`. */
const BODIES: Readonly<Record<string, Tree>> = {
  logIn: { password: "correct horse" },
  setUp: { token: "x".repeat(43), password: "correct horse" },
  createPoll: { question: "Tea or coffee?", options: ["Tea", "Coffee"], counts: "first", upTo: 1, groups: [1, 2] },
  editPoll: { question: "Tea?", options: ["Yes", "No", "Later"], counts: "last", results: "organiser", upTo: 2 },
  certifyPoll: { reason: "Station 3 fell into the fountain." },
  enrolStation: { code: "3479-CDFG", name: "Foyer" },
  revokeStation: { accepted: [{ log: ID, number: 7 }] },
  importVoters: { voters: [{ voter: 1, tags: ["04A1B2C3", "04:a1:b2:c3:d4:e5:80"], weight: 2, group: 1 }] },
  adoptRoll: { chunks: ["ab".repeat(32)] },
  nameEvent: { title: "Summer fair" },
  destroyEventKey: { confirm: "f".repeat(32) },
  changeMapping: { readers: [{ id: "serial:/dev/ttyUSB0", name: "Desk", target: { kind: "slot", slot: 2 } }] },
};

interface Operation {
  id: string;
  method: string;
  path: string;
}

const Document = v.object({
  paths: v.record(v.string(), v.record(v.string(), v.object({ operationId: v.optional(v.string()) }))),
});

interface Server {
  bed: TestBed;
  authorization: string;
  polls: readonly string[];
  operations: readonly Operation[];
}

export async function httpTarget(): Promise<Target & { close(): Promise<void> }> {
  let server = await openServer();
  let asked = 0;
  return {
    name: "requests to the API",
    outcomes: ["200", "201", "400", "401", "404", "405", "409", "412", "413", "415", "422"],
    close: () => server.bed.close(),
    next(random) {
      const request = nextRequest(random, server);
      return {
        shown: () => JSON.stringify(request),
        async attempt() {
          const reply = await server.bed.api.inject(request);
          for (const [name, value] of Object.entries(securityHeaders(false)))
            must(name === "content-security-policy" || reply.headers[name] === value, `every reply has ${name}`);
          if (reply.statusCode >= 400 && request.method !== "HEAD") mustBeProblem(reply);
          if (reply.statusCode < 300 && reply.body !== "" && request.url.startsWith("/api/")) mustBeAsSaid(reply);
          return String(reply.statusCode);
        },
        async clearUp() {
          if (++asked % REQUESTS_PER_SERVER === 0) {
            await server.bed.close();
            server = await openServer();
          } else if (asked % REQUESTS_PER_LOGIN === 0) server.authorization = await logIn(server.bed);
        },
      };
    },
  };
}

/** JSON, or the drawing of the address. */
function mustBeAsSaid(reply: { body: string; headers: Record<string, unknown> }): void {
  if (String(reply.headers["content-type"]).startsWith("image/svg+xml"))
    must(reply.body.startsWith("<svg "), "is drawn");
  else JSON.parse(reply.body);
}

function mustBeProblem(reply: { statusCode: number; body: string; headers: Record<string, unknown> }): void {
  must(String(reply.headers["content-type"]).startsWith(PROBLEM_MEDIA_TYPE), "a refusal is a problem");
  const problem = v.parse(Problem, JSON.parse(reply.body));
  must(problem.status === reply.statusCode, "and says its own status");
  must(slugOf(reply) !== "internal-error", "no request is the server's own fault");
}

async function logIn({ admin }: TestBed): Promise<string> {
  const loggedIn = await admin.logIn(PASSWORD, "127.0.0.1");
  must(loggedIn.ok, "the organiser gets in again");
  return loggedIn.ok ? `Bearer ${loggedIn.token}` : "";
}

async function openServer(): Promise<Server> {
  const bed = await createTestBed({ cursorWaitMs: CURSOR_WAIT_MS });
  const authorization = await logIn(bed);
  const polls = [await bed.draft(), await bed.draft(), await bed.draft()];
  await bed.open(polls[1] ?? "");
  const { paths } = v.parse(Document, (await bed.api.inject("/openapi.json")).json());
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId = "" }]) => ({ id: operationId, method, path })),
  );
  return { bed, authorization, polls, operations };
}

function nextRequest(random: Random, { polls, operations, authorization }: Server) {
  const { id, method, path } = random.pick(operations) ?? { id: "", method: "get", path: "/" };
  // A tally that may be shown would be followed for ever: its stream is asked for polls that are not there.
  const isStream = id === "followTally";
  const target = isStream ? ID : (random.pick([...polls, ID, EVENT]) ?? ID);
  const place = random.oneIn(5) ? mutateText(random, [target]) : target;
  const address = path.replace("{id}", encodeURIComponent(place.toWellFormed()));
  const url = isStream || !random.oneIn(30) ? address : pathFrom(mutateText(random, [address]));
  const query = random.oneIn(4) ? `?${queryFrom(random)}` : "";
  const token = random.oneIn(12)
    ? headerFrom(mutateText(random, [authorization, "Bearer x", "Basic eDp5"]))
    : authorization;
  const body = bodyOf(random, id);
  return {
    method: methodOf(random, method, isStream),
    // What follows two slashes the harness takes for a host; a socket does not.
    url: `${url.replace(/^[\\/]*/, "/")}${query}`,
    remoteAddress: `10.${random.below(256)}.${random.below(256)}.${random.below(256)}`,
    headers: {
      ...(random.oneIn(16) ? {} : { authorization: token }),
      ...(random.oneIn(8) ? { "if-match": headerFrom(mutateText(random, ['"4"', "*", '"0"'])) } : {}),
      ...(random.oneIn(20) ? { "last-event-id": headerFrom(mutateText(random, ["4", "boot-12"])) } : {}),
      ...(body === undefined ? {} : { "content-type": typeOf(random) }),
      ...(random.oneIn(50)
        ? { host: headerFrom(mutateText(random, ["localhost:80", "evil.example", "[::1]:7070"])) }
        : {}),
    },
    ...(body === undefined ? {} : { payload: body }),
  };
}

const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] as const;
type Method = (typeof METHODS)[number];

function methodOf(random: Random, method: string, isStream: boolean): Method {
  if (!isStream && random.oneIn(25)) return random.pick(METHODS) ?? "GET";
  return METHODS.find((known) => known.toLowerCase() === method) ?? "GET";
}

function typeOf(random: Random): string {
  return random.oneIn(25) ? headerFrom(mutateText(random, ["application/json", "text/plain"])) : "application/json";
}

/** A body that is near a valid one as a value, or as a text; none for one in twenty. */
function bodyOf(random: Random, id: string): string | undefined {
  const valid = BODIES[id];
  if (valid === undefined && !random.oneIn(20)) return undefined;
  if (random.oneIn(20)) return undefined;
  const samples = Object.values(BODIES);
  const tree = valid ?? random.pick(samples) ?? {};
  if (random.oneIn(6)) return JSON.stringify(tree);
  if (random.oneIn(60)) return JSON.stringify(tree).replace('"', `"${"x".repeat(70_000)}`);
  return random.oneIn(5)
    ? mutateText(random, [JSON.stringify(tree)])
    : (JSON.stringify(mutateTree(random, tree, samples)) ?? "");
}

function queryFrom(random: Random): string {
  const text = mutateText(random, [
    "minCursor=1",
    "minCursor=999999999999999",
    "minCursor=0&minCursor=1",
    "token=x",
    "a[b]=c",
  ]);
  return pathFrom(text);
}

/** What a client of HTTP could put in a request's first line at all. */
function pathFrom(text: string): string {
  return text.replaceAll(/[^\u0021-\u007e]/g, (one) => encodeURIComponent(one.toWellFormed())).replaceAll("#", "%23");
}

/** What a client of HTTP could put in a header. */
function headerFrom(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e]/g, "?");
}
