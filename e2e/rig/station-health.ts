/** What a station says of itself at `/healthz`. */
import * as v from "valibot";
import { until } from "./within.ts";

const Health = v.object({
  status: v.picklist(["ok", "degraded", "failing"]),
  link: v.string(),
  /** What the organiser types to admit it; null while there is none. */
  code: v.nullable(v.string()),
  /** Records the server has not acknowledged yet. */
  safeHere: v.number(),
  readers: v.unknown(),
  uptimeS: v.number(),
});
export type StationHealth = v.InferOutput<typeof Health>;

/** @param station its address, `http://127.0.0.1:…` */
export async function stationHealth(station: string): Promise<StationHealth> {
  const response = await fetch(new URL("/healthz", station));
  return v.parse(Health, await response.json());
}

/** The code the station shows while it waits to be admitted. */
export function stationCode(station: string): Promise<string> {
  return until(`an enrolment code from ${station}`, async () => (await stationHealth(station)).code);
}

/** Resolves when the station is admitted and connected. */
export async function stationOnline(station: string): Promise<void> {
  await until(`${station} to be online`, async () => (await stationHealth(station)).link === "online");
}

/** Resolves when the server has acknowledged all the station holds. */
export async function stationDrained(station: string, limitMs?: number): Promise<void> {
  await until(`${station} to be drained`, async () => (await stationHealth(station)).safeHere === 0, limitMs);
}
