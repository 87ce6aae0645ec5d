import { afterAll, beforeAll, expect, test } from "vitest";
import * as v from "valibot";
import { Session } from "../../shared/api/access.ts";
import { Deliveries, LateBallots } from "../../shared/api/certification.ts";
import { EventShown } from "../../shared/api/event.ts";
import { ServerHealth } from "../../shared/api/health.ts";
import { Poll, PollList, Tally } from "../../shared/api/polls.ts";
import { Roll, RollChunk } from "../../shared/api/roll.ts";
import { Enrolled, JudgedLog, Revoked, StationList } from "../../shared/api/stations.ts";
import { createTestLog } from "../../shared/domain/testing.ts";
import { sha256 } from "../ledger/sha256.ts";
import { EVENT, PASSWORD, createTestBed, type TestBed } from "./test-bed.ts";

// The parts of OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1) that a server like this uses, strictly.
const JsonSchema = v.record(v.string(), v.unknown());
const Content = v.record(v.string(), v.strictObject({ schema: JsonSchema }));
const Operation = v.strictObject({
  operationId: v.pipe(v.string(), v.minLength(1)),
  summary: v.pipe(v.string(), v.minLength(1)),
  description: v.optional(v.string()),
  tags: v.tuple([v.string()]),
  security: v.optional(v.array(v.record(v.literal("organiser"), v.array(v.never())))),
  parameters: v.optional(
    v.array(
      v.strictObject({
        name: v.string(),
        in: v.picklist(["path", "query"]),
        required: v.boolean(),
        description: v.optional(v.string()),
        schema: JsonSchema,
      }),
    ),
  ),
  requestBody: v.optional(v.strictObject({ required: v.boolean(), content: Content })),
  responses: v.record(
    v.pipe(v.string(), v.regex(/^[2-5]\d\d$/)),
    v.strictObject({ description: v.pipe(v.string(), v.minLength(1)), content: v.optional(Content) }),
  ),
});
const Document = v.strictObject({
  openapi: v.literal("3.1.0"),
  info: v.strictObject({ title: v.string(), version: v.string(), description: v.string(), license: JsonSchema }),
  components: v.strictObject({ securitySchemes: JsonSchema, schemas: v.optional(JsonSchema) }),
  tags: v.array(v.strictObject({ name: v.string() })),
  paths: v.record(
    v.pipe(v.string(), v.startsWith("/")),
    v.record(v.picklist(["get", "post", "put", "delete"]), Operation),
  ),
});

let bed: TestBed;
let document: v.InferOutput<typeof Document>;
beforeAll(async () => {
  bed = await createTestBed();
  document = v.parse(Document, (await bed.api.inject("/openapi.json")).json());
});
afterAll(() => bed.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  );

test("the document lists every route, and nothing else", () => {
  expect(
    operations()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual([
    "DELETE /api/v1/event/key",
    "DELETE /api/v1/roll",
    "DELETE /api/v1/sessions/current",
    "GET /api/v1/address.svg",
    "GET /api/v1/event",
    "GET /api/v1/polls",
    "GET /api/v1/polls/{id}",
    "GET /api/v1/polls/{id}/certification",
    "GET /api/v1/polls/{id}/events",
    "GET /api/v1/polls/{id}/late",
    "GET /api/v1/polls/{id}/tally",
    "GET /api/v1/roll",
    "GET /api/v1/stations",
    "GET /api/v1/stations/{id}/readers",
    "GET /healthz",
    "POST /api/v1/enrolments",
    "POST /api/v1/logs/{id}/admit",
    "POST /api/v1/logs/{id}/reject",
    "POST /api/v1/polls",
    "POST /api/v1/polls/{id}/certify",
    "POST /api/v1/polls/{id}/close",
    "POST /api/v1/polls/{id}/open",
    "POST /api/v1/polls/{id}/pause",
    "POST /api/v1/polls/{id}/rounds",
    "POST /api/v1/roll/chunks",
    "POST /api/v1/sessions",
    "POST /api/v1/setup",
    "POST /api/v1/stations/{id}/revoke",
    "PUT /api/v1/event",
    "PUT /api/v1/polls/{id}",
    "PUT /api/v1/roll",
    "PUT /api/v1/stations/{id}/mapping",
  ]);
});

test("each operation has its own id, describes its path, and tells its problems as problem details", () => {
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations()) {
    const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
    expect(declared.map(({ name }) => name)).toEqual(inPath);
    expect(declared.every(({ required }) => required)).toBe(true);
    const tags = document.tags.map(({ name }) => name);
    expect(tags).toContain(operation.tags[0]);
    // Health has one form, whether good or bad.
    const problems = Object.entries(operation.responses).filter(
      ([status]) => Number(status) >= 400 && !(operation.operationId === "readHealth" && status === "503"),
    );
    expect(problems.length).toBeGreaterThan(0);
    for (const [, { content }] of problems) expect(Object.keys(content ?? {})).toEqual(["application/problem+json"]);
  }
});

test("what a poll's body must be is in the document as it is checked", () => {
  const body = document.paths["/api/v1/polls"]?.["post"]?.requestBody?.content["application/json"]?.schema;
  expect(body).toMatchObject({
    type: "object",
    required: ["question", "options", "counts"],
    additionalProperties: false,
    properties: {
      options: { type: "array", minItems: 2, maxItems: 50, items: { type: "string", maxLength: 120 } },
      counts: { enum: ["first", "last"] },
    },
  });
});

test("a body that may be left out is not called required, any other is", () => {
  const optional = operations().filter(({ operation }) => operation.requestBody?.required === false);
  expect(optional.map(({ operation }) => operation.operationId).toSorted()).toEqual(["certifyPoll", "revokeStation"]);
  expect(JSON.stringify(document)).not.toContain("x-optional");
});

test("every route's success is as the document says", async () => {
  const headers = await bed.organiser();
  bed.waiting.push({ station: "5".repeat(32), key: new Uint8Array(32), code: "BCDF-2345", sinceMs: 0, software: "x" });
  const ask = async (
    schema: v.GenericSchema,
    method: "GET" | "POST" | "PUT" | "DELETE",
    url: string,
    payload?: object,
  ) => {
    const reply = await bed.api.inject({ method, url, headers, ...(payload && { payload }) });
    expect(reply.statusCode, `${method} ${url}: ${reply.body}`).toBeLessThan(300);
    expect(v.safeParse(schema, reply.json()).issues, `${method} ${url}`).toBeUndefined();
    return reply;
  };
  const words = { question: "Tea or coffee?", options: ["Tea", "Coffee"], counts: "first" };
  const { id } = (await ask(Poll, "POST", "/api/v1/polls", words)).json<{ id: string }>();
  await ask(Poll, "PUT", `/api/v1/polls/${id}`, words);
  for (const move of ["open", "pause", "close"]) await ask(Poll, "POST", `/api/v1/polls/${id}/${move}`);
  await ask(Poll, "GET", `/api/v1/polls/${id}`);
  await ask(PollList, "GET", "/api/v1/polls");
  await ask(Deliveries, "GET", `/api/v1/polls/${id}/certification`);
  await ask(Poll, "POST", `/api/v1/polls/${id}/certify`);
  await ask(Poll, "POST", `/api/v1/polls/${id}/rounds`);
  await ask(Tally, "GET", `/api/v1/polls/${id}/tally`);
  await ask(LateBallots, "GET", `/api/v1/polls/${id}/late`);
  const voters = [{ voter: 1, tags: ["04a1b2c3"] }];
  const { chunk } = (await ask(RollChunk, "POST", "/api/v1/roll/chunks", { voters })).json<{ chunk: string }>();
  await ask(Roll, "PUT", "/api/v1/roll", { chunks: [chunk] });
  await ask(Roll, "GET", "/api/v1/roll");
  await ask(Roll, "DELETE", "/api/v1/roll");
  await ask(Enrolled, "POST", "/api/v1/enrolments", { code: "BCDF-2345", name: "Entrance" });
  await ask(StationList, "GET", "/api/v1/stations");
  const log = createTestLog(sha256, { station: "5".repeat(32), event: EVENT });
  await bed.ledger.append(log.opened);
  await ask(JudgedLog, "POST", `/api/v1/logs/${log.id}/reject`);
  await ask(JudgedLog, "POST", `/api/v1/logs/${log.id}/admit`);
  await ask(StationList, "GET", "/api/v1/stations");
  await ask(Revoked, "POST", `/api/v1/stations/${"5".repeat(32)}/revoke`);
  await ask(EventShown, "PUT", "/api/v1/event", { title: "Summer fair" });
  await ask(EventShown, "GET", "/api/v1/event");
  await ask(EventShown, "DELETE", "/api/v1/event/key", { confirm: EVENT });
  await ask(ServerHealth, "GET", "/healthz");
  await ask(Session, "POST", "/api/v1/sessions", { password: PASSWORD });
});
