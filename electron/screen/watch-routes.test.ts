import fastify from "fastify";
import { expect, test } from "vitest";
import type { HealthWord } from "../../shared/api/health.ts";
import { createPageGate } from "./page-gate.ts";
import { addWatchRoutes } from "./watch-routes.ts";

test("health is 503 only while no votes are taken; metrics have the type that Prometheus asks for", async () => {
  let status: HealthWord = "ok";
  const http = fastify();
  const type = "text/plain; version=0.0.4; charset=utf-8";
  addWatchRoutes(http, { health: () => ({ status }), metrics: { read: async () => ({ type, text: "up 1\n" }) } });
  const codes: number[] = [];
  for (status of ["ok", "degraded", "failing"] as const) codes.push((await http.inject("/healthz")).statusCode);
  expect(codes).toEqual([200, 200, 503]);
  const reply = await http.inject("/metrics");
  expect([reply.statusCode, reply.headers["content-type"], reply.body]).toEqual([200, type, "up 1\n"]);
  await http.close();
});

test("where the page has a window of its own, nobody else reads the metrics", () => {
  const judge = createPageGate("token-of-this-run");
  const ask = (cookie: string | undefined) => judge({ method: "GET", url: "/metrics", cookie }).kind;
  expect([ask(undefined), ask("station-page=guess"), ask("station-page=token-of-this-run")]).toEqual([
    "refuse",
    "refuse",
    "pass",
  ]);
});
