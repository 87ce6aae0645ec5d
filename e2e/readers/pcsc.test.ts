/** Sixteen PC/SC readers at a real pcscd, and the real programs: votes at them, whatever becomes of cards and of pcscd. */
import * as v from "valibot";
import { afterAll, expect, test } from "vitest";
import { openPcscd, type PcscdProgram } from "../rig/pcscd.ts";
import { listenToScreen } from "../rig/screen-events.ts";
import { startServerProgram } from "../rig/server-program.ts";
import { startStationProgram, type StationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";

const READERS = 16;
const opened = await openPcscd();
const stops: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
  if (opened.ok) await opened.pcscd.stop();
});

const Readers = v.object({ readers: v.object({ present: v.number(), lost: v.number() }) });

async function readersToBe(station: StationProgram, present: number): Promise<void> {
  await until(`${present} readers to be there`, async () => {
    const health: unknown = await (await fetch(new URL("/healthz", station.url))).json();
    const { readers } = v.parse(Readers, health);
    return readers.present === present && readers.present + readers.lost === READERS;
  });
}

let cards = 0;
const newCard = (): string => `04a1b2${(++cards).toString(16).padStart(8, "0")}`;

test.skipIf(!opened.ok)(
  `sixteen cards are voted, a card pulled is not, and pcscd killed comes back to the same station${opened.ok ? "" : ` (not run: ${opened.why})`}`,
  async () => {
    if (!opened.ok) return;
    const { pcscd } = opened;
    await pcscd.start();
    const server = await startServerProgram();
    stops.push(() => server.stop());
    const readers = pcscd.names.map((name, at) => `pcsc:${name.replace(/ 00 00$/, "")}?gap=300&slot=${at + 1}`);
    const station = await startStationProgram({ server: server.url, readers });
    stops.push(() => station.stop());
    await readersToBe(station, READERS);
    await server.organiser.admit(station.url);
    const options = readers.map((_, at) => `Answer ${at + 1}`);
    const { id } = await server.organiser.createPoll({ question: "Which of sixteen?", options, counts: "first" });
    await server.organiser.open(id);
    const ears = listenToScreen(station.url);
    const kinds: string[] = [];
    ears.onOutcome(({ kind }) => kinds.push(kind));
    stops.push(async () => ears.close());
    const counts = options.map(() => 0);

    await firstVote(pcscd, kinds, counts);
    await allVote(pcscd, counts);
    await server.organiser.tallyToBe(id, counts);

    kinds.length = 0;
    await pcscd.insert(5, newCard(), "pulled");
    // That it is no vote is seen in the last tally; here may come what the server says of the votes before.
    await until("the voter to be told", () => kinds.includes("read-again"));

    const { pid } = station;
    await pcscd.kill9();
    await readersToBe(station, 0);
    await pcscd.start();
    await readersToBe(station, READERS);
    await allVote(pcscd, counts);
    await server.organiser.tallyToBe(id, counts);
    expect(station.pid).toBe(pid);
  },
  60_000,
);

/** A new question takes no taps for a moment: tapped again until it does. */
async function firstVote(pcscd: PcscdProgram, kinds: string[], counts: number[]): Promise<void> {
  await until("the first vote", async () => {
    kinds.length = 0;
    await pcscd.insert(0, newCard());
    await until("its outcome", () => kinds.length > 0);
    await pcscd.remove(0);
    return kinds.includes("stored");
  });
  counts[0] = 1;
}

async function allVote(pcscd: PcscdProgram, counts: number[]): Promise<void> {
  for (const at of counts.keys()) {
    await pcscd.insert(at, newCard());
    counts[at] = (counts[at] ?? 0) + 1;
  }
}
