import { request } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as v from "valibot";
import { Problem } from "../../shared/api/problem.ts";
import { hostAllowed } from "./hosts.ts";
import { MAX_BODY_BYTES, MAX_REQUESTS } from "./limits.ts";
import { createTestBed, slugOf, type TestBed } from "./test-bed.ts";

let bed: TestBed;
let headers: { authorization: string };
let port: number;
beforeAll(async () => {
  bed = await createTestBed();
  headers = await bed.organiser();
  await bed.api.listen({ host: "127.0.0.1", port: 0 });
  port = (bed.api.server.address() as AddressInfo).port;
});
afterAll(() => bed.close());

const WORDS = { question: "Tea or coffee?", options: ["Tea", "Coffee"], counts: "first" };
const json = { "content-type": "application/json" };
const options = (count: number) => Array.from({ length: count }, (_, i) => `Option ${i + 1}`);

async function expectProblem(reply: Awaited<ReturnType<TestBed["api"]["inject"]>>, status: number, slug: string) {
  expect(reply.headers["content-type"]).toMatch(/^application\/problem\+json/);
  const problem = v.parse(Problem, reply.json());
  expect([reply.statusCode, problem.status, slugOf(reply)]).toEqual([status, status, slug]);
  expect(problem.detail).toMatch(/\.$/);
  expect(reply.headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-store" });
  return problem;
}

test.each([
  ["one option", { ...WORDS, options: options(1) }, "/options"],
  ["51 options", { ...WORDS, options: options(51) }, "/options"],
  ["more choices than options", { ...WORDS, upTo: 4 }, "/upTo"],
  ["no choice at all", { ...WORDS, upTo: 0 }, "/upTo"],
  ["an empty label", { ...WORDS, options: ["Tea", " "] }, "/options/1"],
  ["a label that is a number", { ...WORDS, options: ["Tea", 5] }, "/options/1"],
  ["a label nobody can see", { ...WORDS, options: ["Tea", " \u200b "] }, "/options/1"],
  ["a label that turns the writing around", { ...WORDS, options: ["Tea", "x\u202eevil"] }, "/options/1"],
  ["half a character", { ...WORDS, options: ["Tea", "x\ud800"] }, "/options/1"],
  ["the same label twice", { ...WORDS, options: ["Tea", "Tea "] }, "/options"],
  ["a question of two lines", { ...WORDS, question: "Tea\nor coffee?" }, "/question"],
  ["a question too long", { ...WORDS, question: "x".repeat(301) }, "/question"],
  ["no question", { options: WORDS.options, counts: "first" }, "/question"],
  ["an unknown rule", { ...WORDS, counts: "best" }, "/counts"],
  ["a field nobody asked for", { ...WORDS, colour: "red" }, "/colour"],
  ["a list instead of an object", [], "/question"],
  ["null", "null", ""],
])("a poll with %s is refused, and the place is pointed at", async (_, body, pointer) => {
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  const reply = await bed.api.inject({
    method: "POST",
    url: "/api/v1/polls",
    headers: { ...headers, ...json },
    payload,
  });
  const problem = await expectProblem(reply, 422, "invalid-body");
  expect(problem.errors?.map((fault) => fault.pointer)).toContain(pointer);
  expect(problem.errors?.[0]).toMatchObject({ in: "body" });
});

test("50 options with the longest labels in any writing fit into a body", async () => {
  const longest = Array.from({ length: 50 }, (_, at) => `${String(at).padStart(2, "0")}${"\u4e00".repeat(118)}`);
  const payload = JSON.stringify({ ...WORDS, options: longest }).replaceAll("\u4e00", "\\u4e00");
  const reply = await bed.api.inject({
    method: "POST",
    url: "/api/v1/polls",
    headers: { ...headers, ...json },
    payload,
  });
  expect(reply.statusCode).toBe(201);
});

test.each(["{", '{"question":', "", "tea", '{"__proto__":{"x":1}}'])(
  "the body %j is told as no JSON",
  async (payload) => {
    const reply = await bed.api.inject({
      method: "POST",
      url: "/api/v1/polls",
      headers: { ...headers, ...json },
      payload,
    });
    await expectProblem(reply, 400, "malformed-json");
  },
);

test("a body that is not announced as JSON is refused by its type", async () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "nonsense"]) {
    const reply = await bed.api.inject({
      method: "POST",
      url: "/api/v1/polls",
      headers: { ...headers, "content-type": type },
      payload: JSON.stringify(WORDS),
    });
    await expectProblem(reply, 415, "unsupported-media-type");
  }
});

test("a body past the bound is refused with the bound named", async () => {
  const payload = JSON.stringify({ ...WORDS, question: "x".repeat(MAX_BODY_BYTES) });
  const reply = await bed.api.inject({
    method: "POST",
    url: "/api/v1/polls",
    headers: { ...headers, ...json },
    payload,
  });
  const problem = await expectProblem(reply, 413, "body-too-large");
  expect(problem.detail).toContain(String(MAX_BODY_BYTES));
});

test.each(["1", "../etc/passwd", "G".repeat(32), "A".repeat(32), "%00", "x".repeat(99)])(
  "the id %j is told as no id",
  async (id) => {
    const reply = await bed.api.inject({ url: `/api/v1/polls/${encodeURIComponent(id)}/tally`, headers });
    const problem = await expectProblem(reply, 400, "invalid-request");
    expect(problem.errors?.[0]).toMatchObject({ in: "path", pointer: "/id" });
  },
);

test.each(["minCursor=x", "minCursor=-1", "minCursor=1.5", "minCursor=1e9", "minCursor=1&minCursor=2", "page=2"])(
  "the query %s is refused",
  async (query) => {
    const reply = await bed.api.inject({ url: `/api/v1/polls?${query}`, headers });
    const problem = await expectProblem(reply, 400, "invalid-request");
    expect(problem.errors?.[0]?.in).toBe("query");
    expect(problem.instance).toBe("/api/v1/polls");
  },
);

test("an address that is nobody's, and a method that an address does not take, are told apart", async () => {
  await expectProblem(await bed.api.inject({ url: "/api/v1/votes", headers }), 404, "not-found");
  await expectProblem(await bed.api.inject({ url: "/api/v1/polls/" }), 400, "invalid-request");
  await expectProblem(await bed.api.inject({ url: "/" }), 404, "not-found");
  await expectProblem(await bed.api.inject({ url: "/api/v1/polls/%zz" }), 400, "malformed-request");
  const wrong = await bed.api.inject({ method: "DELETE", url: `/api/v1/polls/${"a".repeat(32)}`, headers });
  await expectProblem(wrong, 405, "method-not-allowed");
  expect(wrong.headers.allow).toBe("GET, HEAD, PUT");
  await expectProblem(await bed.api.inject({ method: "OPTIONS", url: "/api/v1/polls" }), 405, "method-not-allowed");
});

test("the organiser's routes are closed to everybody else", async () => {
  const id = "a".repeat(32);
  const routes = [
    ["POST", "/polls"],
    ["PUT", `/polls/${id}`],
    ["POST", `/polls/${id}/open`],
    ["POST", `/polls/${id}/pause`],
    ["POST", `/polls/${id}/close`],
    ["GET", `/polls/${id}/certification`],
    ["POST", `/polls/${id}/certify`],
    ["GET", `/polls/${id}/late`],
    ["POST", `/polls/${id}/rounds`],
    ["POST", `/stations/${id}/revoke`],
    ["POST", `/logs/${id}/admit`],
    ["POST", `/logs/${id}/reject`],
    ["GET", "/roll"],
    ["POST", "/roll/chunks"],
    ["PUT", "/roll"],
    ["DELETE", "/roll"],
    ["DELETE", "/event/key"],
    ["GET", "/stations"],
    ["POST", "/enrolments"],
    ["PUT", "/event"],
    ["DELETE", "/sessions/current"],
  ] as const;
  const strangers = [
    {},
    { authorization: "Bearer wrong" },
    { authorization: "Basic eDp5" },
    { authorization: "Bearer" },
  ];
  for (const [method, path] of routes) {
    for (const stranger of strangers) {
      const reply = await bed.api.inject({ method, url: `/api/v1${path}`, headers: stranger });
      await expectProblem(reply, 401, "not-logged-in");
      expect(reply.headers["www-authenticate"]).toBe("Bearer");
    }
  }
});

test("bytes that are not HTTP get a problem and the connection is closed", async () => {
  const socket = connect(port, "127.0.0.1");
  socket.write("\x16\x03\x01 this is TLS\r\n\r\n");
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect(text).toContain("application/problem+json");
  expect(text).toContain("urn:polling-station:problem:malformed-request");
});

test.each(["//evil.example/healthz", "/\\\\he%2e%2e%2falthz", "//", "/%"])(
  "the address %j is nobody's: two slashes are no host",
  async (path) => {
    const socket = connect(port, "127.0.0.1");
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 40[04] [^]*urn:polling-station:problem:/);
  },
);

test("headers past the bound get a problem", async () => {
  const status = await new Promise<[number | undefined, string | undefined]>((resolve, reject) => {
    const asked = request({ port, path: "/healthz", headers: { "x-long": "x".repeat(40_000) } }, (reply) => {
      reply.resume();
      resolve([reply.statusCode, reply.headers["content-type"]]);
    });
    asked.once("error", reject).end();
  });
  expect(status).toEqual([431, "application/problem+json"]);
});

test("a server on loopback answers to loopback's names only", async () => {
  const ask = (host: string) => bed.api.inject({ url: "/healthz", headers: { host } });
  for (const host of ["localhost", "localhost:7070", "127.0.0.1:7070", "[::1]:7070", "kiosk.localhost:1"]) {
    expect((await ask(host)).statusCode).toBe(200);
  }
  for (const host of [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example:7070",
    "a b",
    "192.168.1.5",
    'x"y.localhost',
  ]) {
    await expectProblem(await ask(host), 421, "misdirected-host");
  }
});

test("a request without a Host is nobody's on loopback", () => {
  expect(
    [undefined, "", ":80", "[::1", "[::1%lo]", "localhost:port"].map((host) => hostAllowed(host, "localhost")),
  ).toEqual(Array(6).fill(false));
});

test("a server beyond loopback answers to any name, one on loopback also to those configured", async () => {
  const outside = await createTestBed({ boundTo: "0.0.0.0" });
  expect((await outside.api.inject({ url: "/healthz", headers: { host: "booth.example" } })).statusCode).toBe(200);
  await outside.close();
  const proxied = await createTestBed({ hostNames: ["Booth.example"] });
  expect((await proxied.api.inject({ url: "/healthz", headers: { host: "booth.example:443" } })).statusCode).toBe(200);
  await proxied.close();
});

test("a runaway script is slowed down with a problem", async () => {
  const flooded = await createTestBed();
  let last = await flooded.api.inject("/healthz");
  for (let i = 0; i < MAX_REQUESTS; i++) last = await flooded.api.inject("/healthz");
  await expectProblem(last, 429, "too-many-requests");
  expect(Number(last.headers["retry-after"])).toBeGreaterThan(0);
  await flooded.close();
});

test("a mistake of the server tells the client nothing of its inside", async () => {
  const broken = await createTestBed({
    watch: {
      health: () => {
        throw new Error("secret path /somewhere/x");
      },
    },
  });
  const reply = await broken.api.inject("/healthz");
  await expectProblem(reply, 500, "internal-error");
  expect(reply.body).not.toContain("secret");
  await broken.close();
});
