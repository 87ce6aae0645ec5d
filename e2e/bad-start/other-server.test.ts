/** Over TLS the station goes with the server it was enrolled at, whatever certificate that shows, and with no other. */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { generate } from "selfsigned";
import { afterAll, expect, test } from "vitest";
import { say } from "../../shared/sentences/sentence.ts";
import { openScratch } from "../rig/scratch.ts";
import { listenToScreen } from "../rig/screen-events.ts";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import { stationDrained } from "../rig/station-health.ts";
import { startStationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";

/** The station looks again after 8 s at most. */
const AGAIN_MS = 15_000;

/** A certificate for 127.0.0.1 as the server's flags; the organiser in this test trusts it. */
async function newCertificate(): Promise<string[]> {
  const names = [{ type: 7 as const, ip: "127.0.0.1" }];
  const made = await generate([{ name: "commonName", value: `Hall ${randomUUID()}` }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: names }],
  });
  const folder = openScratch("tls");
  writeFileSync(join(folder, "cert.pem"), made.cert);
  writeFileSync(join(folder, "key.pem"), made.private);
  setDefaultCACertificates([...getCACertificates("default"), made.cert]);
  return ["--cert", join(folder, "cert.pem"), "--key", join(folder, "key.pem")];
}

const running = new Set<{ stop(): Promise<unknown> }>();
afterAll(async () => {
  for (const program of running) await program.stop();
});

async function startServer(options: { port?: number; data?: string } = {}): Promise<ServerProgram> {
  const server = await startServerProgram({ ...options, args: await newCertificate() });
  running.add(server);
  return server;
}

test("a station refuses another server at the same address, says so, keeps its votes, and brings them to its own", async () => {
  const own = await startServer();
  expect(own.url).toMatch(/^https:/);
  const port = Number(new URL(own.url).port);
  const station = await startStationProgram({ server: own.url, demo: true });
  running.add(station);
  await own.organiser.admit(station.url);
  const { id } = await own.organiser.createPoll({ question: "Which?", options: ["a", "b"], counts: "first" });
  await own.organiser.open(id);
  const ears = listenToScreen(station.url);
  const kinds: string[] = [];
  ears.onOutcome(({ kind }) => void kinds.push(kind));
  await until("the poll", () => ears.heard.some((event) => "poll" in event && event.poll !== null));
  const tap = (uid: string) =>
    fetch(new URL("/demo/taps", station.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ slot: 2, uid }),
    });
  await tap("3c00ce754c");
  await own.organiser.tallyToBe(id, [0, 1]);

  await own.stop();
  const other = await startServer({ port });
  const refused = () => ears.heard.findLast((event) => event.kind === "link" || event.kind === "snapshot")?.link;
  await until("the station to refuse", () => refused()?.state === "refused", AGAIN_MS);
  expect(refused()?.reason).toEqual(say("link-wrong-server"));
  await tap("3c00ce754d");
  await until("a vote to be safe", () => kinds.includes("safe-here"));
  expect((await station.health()).safeHere).toBe(1);
  expect((await other.organiser.stations()).stations).toEqual([]);

  await other.stop();
  // With another certificate than before: the server's own key is what the station knows it by.
  const back = await startServer({ port, data: own.data });
  await until("the station to be back", async () => (await station.health()).link === "online", AGAIN_MS);
  await stationDrained(station.url);
  await back.organiser.tallyToBe(id, [0, 2]);
  ears.close();
}, 60_000);
