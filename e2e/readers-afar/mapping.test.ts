/** What readers stand for, changed from afar: while the kiosk is on the link, while it is away, and after it was changed there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as v from "valibot";
import { Problem } from "../../shared/api/problem.ts";
import { StationReaders } from "../../shared/api/readers.ts";
import type { Target } from "../../shared/domain/mapping.ts";
import type { Organiser } from "../rig/organiser.ts";
import { HAS_SOCAT, openSerialLine, rdm6300Frame } from "../rig/pty.ts";
import { openScratch } from "../rig/scratch.ts";
import { startServerProgram } from "../rig/server-program.ts";
import { stationOnline } from "../rig/station-health.ts";
import { startStationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";

/** Two programs start six times in it, on a machine that has other work. */
const LIMIT_MS = 120_000;

/** The station's readers as its organiser sees them, and what to send back with a change. */
async function readersOf(organiser: Organiser, station: string) {
  const response = await organiser.request("GET", `/stations/${station}/readers`);
  return { tag: response.headers.get("etag") ?? "", shown: v.parse(StationReaders, await response.json()) };
}

/** What its one reader stands for, at a revision; undefined until the station has said it. */
async function slotOf(organiser: Organiser, station: string) {
  const { reported } = (await readersOf(organiser, station)).shown;
  const [reader] = reported?.readers ?? [];
  return reader?.target?.kind === "slot" && reported !== null
    ? { id: reader.id, name: reader.name, slot: reader.target.slot, revision: reported.revision }
    : undefined;
}

async function change(organiser: Organiser, station: string, tag: string, name: string, target: Target) {
  const [reader] = (await readersOf(organiser, station)).shown.reported?.readers ?? [];
  const body = { readers: [{ id: reader?.id ?? "", name, target }] };
  return organiser.request("PUT", `/stations/${station}/mapping`, body, { "if-match": tag });
}

/** What the kiosk would go by after a start without a network. */
function keptSettings(data: string): string | undefined {
  const path = join(data, "event-settings.json");
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

test.skipIf(!HAS_SOCAT)(
  "a reader stands for what the organiser says, at once or when its kiosk is back, and never over what was changed there",
  async () => {
    const [server, line] = [await startServerProgram(), await openSerialLine()];
    const { organiser } = server;
    const data = openScratch("station");
    const start = (slot: number) =>
      startStationProgram({ server: server.url, data, readers: [`serial:${line.path}?protocol=rdm6300&slot=${slot}`] });
    let kiosk = await start(1);
    const station = await organiser.admit(kiosk.url);
    const bits = (lfBits: number) => organiser.request("PUT", "/event", { title: "Fair", lfBits });
    expect((await bits(24)).status).toBe(200);
    await until("the kiosk to know of 24 bits", () => keptSettings(data)?.includes('"lfBits":24'));
    const poll = await organiser.createPoll({ question: "Which?", options: ["One", "Two", "Three"], counts: "first" });
    await organiser.open(poll.id);
    const first = await until("the kiosk's readers", () => slotOf(organiser, station));
    expect(first.slot).toBe(1);

    // On the link: done when it is answered, and the next tap goes by it.
    const done = await change(organiser, station, `"${first.revision}"`, "Bar", { kind: "slot", slot: 2 });
    expect([done.status, done.headers.get("etag")]).toEqual([200, `"${first.revision + 1}"`]);
    expect(await slotOf(organiser, station)).toMatchObject({ name: "Bar", slot: 2 });
    let tag = 0;
    const counts = await until("a vote", async () => {
      // Another tag each time: the first may come while the question is new.
      await line.write(rdm6300Frame(Uint8Array.of(1, 2, 3, 9, ++tag)));
      const tally = await organiser.tally(poll.id);
      return tally.total > 0 && tally.counts;
    });
    expect([counts[0], counts[2]]).toEqual([0, 0]);
    const fixed = await bits(32);
    expect([fixed.status, v.parse(Problem, await fixed.json()).type]).toEqual([
      409,
      "urn:polling-station:problem:ballots-cast",
    ]);

    // Away: stored, through the death of the server too, and taken when the kiosk is back.
    await kiosk.kill9();
    await until("the kiosk to be gone", async () => !(await readersOf(organiser, station)).shown.connected);
    const stored = await change(organiser, station, `"${first.revision + 1}"`, "Door", { kind: "slot", slot: 3 });
    expect(stored.status).toBe(202);
    await server.kill9();
    await server.restart();
    const { shown } = await readersOf(organiser, station);
    expect(shown).toMatchObject({ reported: null, pending: { base: first.revision + 1, readers: [{ name: "Door" }] } });
    kiosk = await start(1);
    await until("the change to arrive", async () => (await slotOf(organiser, station))?.slot === 3);
    await until("the kiosk's word", async () => (await readersOf(organiser, station)).shown.pending === null);
    expect((await readersOf(organiser, station)).shown.refused).toBeNull();

    // Changed there in the meantime: the organiser's change is a conflict, shown and not made.
    const before = await until("the kiosk's readers", () => slotOf(organiser, station));
    await kiosk.stop();
    await until("the kiosk to be gone", async () => !(await readersOf(organiser, station)).shown.connected);
    const late = await change(organiser, station, `"${before.revision}"`, "Gate", { kind: "slot", slot: 1 });
    expect(late.status).toBe(202);
    kiosk = await start(2);
    await stationOnline(kiosk.url);
    const refused = await until("the conflict", async () => (await readersOf(organiser, station)).shown.refused);
    expect(refused).toMatchObject({ why: "conflict", base: before.revision, readers: [{ name: "Gate" }] });
    expect((await slotOf(organiser, station))?.slot).toBe(2);

    // Whoever has not seen that is told, and whoever has may change it.
    const blind = await change(organiser, station, `"${before.revision}"`, "Gate", { kind: "slot", slot: 1 });
    expect(blind.status).toBe(412);
    expect(v.parse(Problem, await blind.json()).type).toBe("urn:polling-station:problem:moved-on");
    const now = await readersOf(organiser, station);
    expect((await change(organiser, station, now.tag, "Gate", { kind: "slot", slot: 1 })).status).toBe(200);
    expect(await slotOf(organiser, station)).toMatchObject({ name: "Gate", slot: 1 });

    await kiosk.stop();
    await server.stop();
    await line.unplug();
  },
  LIMIT_MS,
);
