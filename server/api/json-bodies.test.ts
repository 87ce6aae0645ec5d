import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestBed, slugOf, type TestBed } from "./test-bed.ts";

let bed: TestBed;
let headers: Record<string, string>;
beforeAll(async () => {
  bed = await createTestBed();
  headers = { ...(await bed.organiser()), "content-type": "application/json" };
});
afterAll(() => bed.close());

test("a client that announces JSON and sends none is served where there is nothing to send", async () => {
  const id = await bed.draft();
  for (const move of ["open", "pause", "close", "certify", "rounds"]) {
    const reply = await bed.api.inject({ method: "POST", url: `/api/v1/polls/${id}/${move}`, headers });
    expect([move, reply.statusCode]).toEqual([move, move === "rounds" ? 201 : 200]);
  }
  const dropped = await bed.api.inject({ method: "DELETE", url: "/api/v1/roll", headers });
  expect(dropped.statusCode).toBe(200);
});

test("where a body is asked for, none is no JSON, and null is none of it", async () => {
  const empty = await bed.api.inject({ method: "POST", url: "/api/v1/polls", headers });
  expect([empty.statusCode, slugOf(empty)]).toEqual([400, "malformed-json"]);
  const bare = await bed.api.inject({ method: "POST", url: "/api/v1/polls", headers: await bed.organiser() });
  expect([bare.statusCode, slugOf(bare)]).toEqual([422, "invalid-body"]);
  const key = await bed.api.inject({ method: "DELETE", url: "/api/v1/event/key", headers: await bed.organiser() });
  expect([key.statusCode, slugOf(key)]).toEqual([422, "invalid-body"]);
});

test("a body that may be left out is still read when it is there", async () => {
  const id = await bed.draft();
  const certify = (payload: string) =>
    bed.api.inject({ method: "POST", url: `/api/v1/polls/${id}/certify`, headers, payload });
  for (const [payload, slug] of [
    ['{"because":1}', "invalid-body"],
    ['"now"', "invalid-body"],
    ["{", "malformed-json"],
    ["{}", "not-closed"],
  ] as const) {
    expect(slugOf(await certify(payload))).toBe(slug);
  }
});

test("what does not parse is not quoted", async () => {
  const payload = '{"voters":[{"voter":1,"tags":["04a1b2c3d4e5f6"}]}';
  const reply = await bed.api.inject({ method: "POST", url: "/api/v1/roll/chunks", headers, payload });
  expect([reply.statusCode, slugOf(reply)]).toEqual([400, "malformed-json"]);
  expect(reply.body).not.toContain("04a1");
});
