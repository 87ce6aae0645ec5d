/** What both programs say of themselves, in a real run: journals, health and metrics. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as v from "valibot";
import { ServerHealth, StationHealth } from "../../shared/api/health.ts";
import type { Catalogue } from "../../shared/journal/event.ts";
import { readLine } from "../../shared/journal/line.ts";
import { SERVER_EVENTS } from "../../shared/journal/server-events.ts";
import { STATION_EVENTS } from "../../shared/journal/station-events.ts";
import { until } from "../rig/within.ts";
import { openVenue } from "../venue/venue.ts";
import { parseExposition } from "./exposition.ts";

/** Every line, as the catalogue says it. */
function journalOf(data: string, name: "server" | "station"): { event: string }[] {
  const catalogue: Catalogue = name === "server" ? SERVER_EVENTS : STATION_EVENTS;
  const lines = readFileSync(join(data, "journal", `${name}.jsonl`), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => readLine(catalogue, line));
}

async function scrape(url: string) {
  const reply = await fetch(new URL("/metrics", url));
  expect(reply.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const families = parseExposition(await reply.text());
  const value = (name: string, labels = "") => families.get(name)?.samples.get(name + labels);
  return { families, value };
}

test("both programs tell how an event went: in their journals, at /healthz and at /metrics", async () => {
  const { organiser, server, ...venue } = await openVenue();
  const kiosk = await venue.addKiosk("Kiosk");
  const { station } = kiosk;
  const poll = await venue.openPoll([kiosk]);
  await kiosk.vote(1, 2);
  await kiosk.vote(2, 1);
  await organiser.tallyToBe(poll.id, [2, 1, 0]);
  await until("the clock to be measured", async () => {
    const health = v.parse(
      v.looseObject({ status: v.string() }),
      await (await fetch(new URL("/healthz", station.url))).json(),
    );
    return health.status === "ok";
  });
  await fetch(new URL("/api/v1/sessions", server.url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ password: "not the password" }),
  });

  const serverHealth = v.parse(ServerHealth, await (await fetch(new URL("/healthz", server.url))).json());
  expect([serverHealth.status, serverHealth.stations]).toEqual(["ok", 1]);
  const {
    disk: _,
    damage: __,
    ...own
  } = v.parse(v.looseObject({}), await (await fetch(new URL("/healthz", station.url))).json());
  expect(v.parse(StationHealth, own).parts.link).toEqual({ status: "ok" });

  const atServer = await scrape(server.url);
  expect(atServer.value("polling_station_server_ballots_total", '{verdict="counted"}')).toBe(3);
  expect(atServer.value("polling_station_server_links", '{state="admitted"}')).toBe(1);
  expect(atServer.value("polling_station_server_links_admitted_total")).toBe(1);
  expect(atServer.value("polling_station_server_polls", '{state="open"}')).toBe(1);
  expect(atServer.value("polling_station_server_log_ins_total", '{result="not-set-up"}')).toBe(1);
  expect(atServer.value("polling_station_server_link_received_frames_total")).toBeGreaterThan(5);
  const entries = atServer.families.get("polling_station_server_ledger_append_seconds")?.samples;
  expect(entries?.get("polling_station_server_ledger_append_seconds_count")).toBeGreaterThan(5);
  const atStation = await scrape(station.url);
  expect(atStation.value("polling_station_station_outcomes_total", '{outcome="stored"}')).toBe(3);
  expect(atStation.value("polling_station_station_waiting_ballots")).toBe(0);
  expect(atStation.value("polling_station_station_link_state", '{state="online"}')).toBe(1);
  for (const { families } of [atServer, atStation]) {
    const all = [...families].map(([name, { help, samples }]) => ({ name, help, keys: [...samples.keys()] }));
    expect(all.filter(({ help }) => help === "")).toEqual([]);
    // No series for each of what there may be thousands of.
    expect(all.filter(({ keys }) => keys.length > 60 || keys.some((key) => /[0-9a-f]{16}/.test(key)))).toEqual([]);
  }

  await kiosk.cut();
  const away = v.parse(ServerHealth, await (await fetch(new URL("/healthz", server.url))).json());
  expect([away.status, away.parts.link.reason]).toEqual(["degraded", expect.stringContaining("1 of 1 stations")]);
  kiosk.cable.plug();
  await kiosk.online();
  await organiser.close(poll.id);
  await organiser.certified(poll.id);
  await kiosk.stop();
  await server.stop();

  const ofServer = journalOf(server.data, "server").map(({ event }) => event);
  expect(ofServer.filter((event) => !event.startsWith("link."))).toEqual([
    "server.started",
    "enrolment.waiting",
    "station.admitted",
    "poll.opened",
    "admin.login-failed",
    "poll.closed",
    "certify.certified",
    "server.stopping",
    "server.stopped",
  ]);
  expect(journalOf(server.data, "server")).toContainEqual(
    expect.objectContaining({ event: "link.closed", why: "lost", by: "station" }),
  );
  const ofStation = journalOf(station.data, "station").map(({ event }) => event);
  expect(ofStation).toEqual([
    "station.started",
    // The virtual readers of demo mode.
    ...Array.from({ length: 5 }, () => "reader.back"),
    "enrolment.waiting",
    "enrolment.admitted",
    "link.online",
    "link.offline",
    "link.online",
    "station.stopping",
    "station.stopped",
  ]);
  for (const { data, name } of [
    { data: server.data, name: "server" },
    { data: station.data, name: "station" },
  ]) {
    expect(statSync(join(data, "journal")).mode & 0o777).toBe(0o700);
    expect(statSync(join(data, "journal", `${name}.jsonl`)).mode & 0o777).toBe(0o600);
  }
}, 60_000);
