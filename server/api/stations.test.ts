import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as v from "valibot";
import { ServerHealth } from "../../shared/api/health.ts";
import type { StationList } from "../../shared/api/stations.ts";
import { createTestBed, EVENT, slugOf, type TestBed } from "./test-bed.ts";

let bed: TestBed;
let headers: { authorization: string };
const STATION = "5".repeat(32);
const CODE = "BCDF-2345";
beforeEach(async () => {
  bed = await createTestBed();
  headers = await bed.organiser();
  const { x = "" } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  const key = new Uint8Array(Buffer.from(x, "base64url"));
  bed.waiting.push({ station: STATION, key, code: CODE, sinceMs: 0, software: "station 0.1.0" });
});
afterEach(() => bed.close());

const enrol = (code: string, name = "Entrance") =>
  bed.api.inject({ method: "POST", url: "/api/v1/enrolments", headers, payload: { code, name } });
const list = async () => (await bed.api.inject({ url: "/api/v1/stations", headers })).json<StationList>();

test("a station is admitted by the code on its screen, however it is typed", async () => {
  const reply = await enrol(" bcdf 2345 ", " Entrance ");
  expect(reply.statusCode).toBe(201);
  const { cursor } = await bed.ledger.standing();
  expect(reply.json()).toEqual({ station: STATION, name: "Entrance", cursor });
  expect(reply.headers.etag).toBe(`"${cursor}"`);
  expect((await bed.ledger.standing()).stations.has(STATION)).toBe(true);
});

test("the list shows who waits without the code, and who is admitted with name and connection", async () => {
  const before = await bed.api.inject({ url: "/api/v1/stations", headers });
  expect(before.body).not.toContain(CODE);
  expect(before.json<StationList>().waiting).toEqual([
    { station: STATION, since: "1970-01-01T00:00:00.000Z", software: "station 0.1.0" },
  ]);
  await enrol(CODE);
  bed.waiting.length = 0;
  expect((await list()).stations).toEqual([
    {
      station: STATION,
      name: "Entrance",
      connected: false,
      since: null,
      software: null,
      diverged: false,
      revoked: false,
      branches: [],
    },
  ]);
  bed.connected.push({ station: STATION, sinceMs: 1000, software: "station 0.1.0", undelivered: 0, diverged: false });
  expect((await list()).stations[0]).toMatchObject({ connected: true, since: "1970-01-01T00:00:01.000Z" });
});

test("a code that no station shows admits nobody, and guessing codes is slowed down", async () => {
  for (let i = 0; i < 4; i++) {
    const reply = await enrol(`XXXX-000${i}`);
    expect([reply.statusCode, slugOf(reply)]).toEqual([404, "unknown-code"]);
  }
  const refused = await enrol(CODE);
  expect([refused.statusCode, slugOf(refused)]).toEqual([429, "too-many-attempts"]);
  expect((await bed.ledger.standing()).stations.size).toBe(0);
});

test("a station admitted before is not admitted again", async () => {
  await enrol(CODE);
  const again = await enrol(CODE);
  expect([again.statusCode, slugOf(again)]).toEqual([409, "already-admitted"]);
});

test("the event's title is given by the organiser and read by everybody", async () => {
  expect((await bed.api.inject("/api/v1/event")).json()).toMatchObject({ id: EVENT, title: "" });
  const payload = { title: " Summer fair " };
  const put = await bed.api.inject({ method: "PUT", url: "/api/v1/event", headers, payload });
  expect(put.json()).toMatchObject({ title: "Summer fair" });
  expect((await bed.api.inject("/api/v1/event")).json()).toMatchObject({ title: "Summer fair" });
});

test("health tells how the server is, and why when it is not", async () => {
  bed.connected.push({ station: STATION, sinceMs: 0, software: "", undelivered: 0, diverged: false });
  const { cursor } = await bed.ledger.standing();
  expect((await bed.api.inject("/healthz")).json()).toMatchObject({ status: "ok", cursor, stations: 1 });
  const reason = "ledger /srv/x: disk full. Free some space.";
  const failing = await createTestBed({ ledgerHealth: { ok: false, reason } });
  const reply = await failing.api.inject("/healthz");
  expect(reply.statusCode).toBe(503);
  const { status, parts } = v.parse(ServerHealth, reply.json());
  expect([status, parts.ledger, parts.texts]).toEqual([
    "failing",
    { status: "failing", reason, since: "2026-05-01T09:00:00.000Z" },
    { status: "ok" },
  ]);
  await failing.close();
});
