import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as v from "valibot";
import { ServerHealth } from "../../shared/api/health.ts";
import { METRICS_TOKEN, createTestBed, slugOf, type TestBed } from "./test-bed.ts";

const REASON = "ledger /srv/votes/ledger.sqlite: disk full (disk-full). Free some space.";
const STATION = "5".repeat(32);
const AWAY = { remoteAddress: "192.0.2.7", headers: { host: "booth.example" } };

let bed: TestBed;
beforeEach(async () => {
  bed = await createTestBed();
});
afterEach(() => bed.close());
const healthOf = async (of: TestBed, request: object = {}) =>
  v.parse(ServerHealth, (await of.api.inject({ url: "/healthz", ...request })).json());

describe("health", () => {
  test("is ok part by part", async () => {
    const { status, parts } = await healthOf(bed);
    expect(status).toBe("ok");
    expect(new Set(Object.values(parts).map((part) => part.status))).toEqual(new Set(["ok"]));
  });

  test("tells strangers from elsewhere what fails, and nothing of where and why", async () => {
    const failing = await createTestBed({ boundTo: "0.0.0.0", ledgerHealth: { ok: false, reason: REASON } });
    const reply = await failing.api.inject({ url: "/healthz", ...AWAY });
    expect([reply.statusCode, reply.json()]).toMatchObject([503, { status: "failing" }]);
    expect((await healthOf(failing, AWAY)).parts.ledger).toEqual({ status: "failing" });
    expect(reply.body).not.toContain("/srv");
    for (const token of [METRICS_TOKEN, (await failing.organiser()).authorization.replace("Bearer ", "")]) {
      const headers = { ...AWAY.headers, authorization: `Bearer ${token}` };
      expect((await healthOf(failing, { ...AWAY, headers })).parts.ledger.reason).toBe(REASON);
    }
    await failing.close();
  });

  test("says that stations are away while a poll is open, and not before", async () => {
    const key = new Uint8Array(32).fill(9);
    await bed.ledger.append({ kind: "station-admitted", station: STATION, key });
    const poll = await bed.draft();
    expect((await healthOf(bed)).parts.link.status).toBe("ok");
    await bed.open(poll);
    const { status, parts } = await healthOf(bed);
    expect([status, parts.link]).toMatchObject(["degraded", { reason: expect.stringContaining("1 of 1 stations") }]);
    bed.connected.push({ station: STATION, sinceMs: 0, software: "", undelivered: 0, diverged: false });
    expect((await healthOf(bed)).status).toBe("ok");
  });
});

describe("metrics", () => {
  const METRICS = { url: "/metrics" };

  test("are open to whoever sits at the machine of a server that is bound to it", async () => {
    const reply = await bed.api.inject(METRICS);
    expect([reply.statusCode, reply.headers["content-type"]]).toEqual([
      200,
      "text/plain; version=0.0.4; charset=utf-8",
    ]);
    expect(reply.body).toContain("polling_station_server_ledger_cursor 1\n");
  });

  test.each([
    ["from elsewhere", { boundTo: "0.0.0.0" }, AWAY],
    [
      "on a server with a name, before which a proxy stands",
      { hostNames: ["booth.example"] },
      { headers: AWAY.headers },
    ],
    ["passed on by a proxy that says so", {}, { headers: { "x-forwarded-for": "192.0.2.7" } }],
  ])("need a token %s", async (_, changes, request) => {
    const open = await createTestBed(changes);
    const refused = await open.api.inject({ ...METRICS, ...request });
    expect([refused.statusCode, slugOf(refused)]).toEqual([401, "not-logged-in"]);
    const bearing = (authorization: string) => ({
      ...METRICS,
      ...request,
      headers: { ...request.headers, authorization },
    });
    expect((await open.api.inject(bearing("Bearer guess"))).statusCode).toBe(401);
    expect((await open.api.inject(bearing(`Bearer ${METRICS_TOKEN}`))).statusCode).toBe(200);
    expect((await open.api.inject(bearing((await open.organiser()).authorization))).statusCode).toBe(200);
    await open.close();
  });

  test("the metrics token opens nothing else", async () => {
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
    expect((await bed.api.inject({ url: "/api/v1/stations", headers })).statusCode).toBe(401);
  });

  test("count replies by route, never by address, however many addresses are tried", async () => {
    for (let i = 0; i < 50; i++) {
      await bed.api.inject(`/api/v1/polls/${String(i).padStart(32, "0")}`);
      await bed.api.inject(`/nothing/${i}`);
    }
    const { body } = await bed.api.inject(METRICS);
    const series = body.split("\n").filter((line) => line.startsWith("polling_station_server_http_replies_total{"));
    expect(series.toSorted()).toEqual([
      'polling_station_server_http_replies_total{route="GET /api/v1/polls/:id",status="404"} 50',
      'polling_station_server_http_replies_total{route="GET ?",status="404"} 50',
    ]);
  });

  test("count attempts to log in by what came of them", async () => {
    for (const password of ["wrong password 1", "wrong password 2"])
      await bed.api.inject({ method: "POST", url: "/api/v1/sessions", payload: { password } });
    const { body } = await bed.api.inject(METRICS);
    expect(body).toContain('polling_station_server_log_ins_total{result="wrong-password"} 2\n');
  });
});
