/**
 * Runs inside the small machine: twins of every kind are plugged in while a station runs, taught by tapping, pulled, plugged
 * in again in the other order, and have to stand for the same answers.
 */
import { spawn } from "node:child_process";
import type { PanelState, ReaderKind } from "../../../shared/events/operator.ts";
import { createOperatorHand, type Operator } from "../../rig/operator.ts";
import { listenToScreen, type ScreenEars } from "../../rig/screen-events.ts";
import { startServerProgram, type ServerProgram } from "../../rig/server-program.ts";
import { startStationProgram, type StationProgram } from "../../rig/station-program.ts";
import { makeSerialAdapter, makeWedge } from "./gadgets.ts";

/** Software emulation is ten times slower than a kiosk. */
const PATIENCE_MS = 60_000;
/** Longer than any reader's time for the same tap, and than the pause after a new question. */
const APART_MS = 3_500;

/** A reader plugged in for real, whatever its kind. */
interface Twin {
  plug(): void;
  unplug(): void;
  /** Somebody holds this tag to it. */
  tap(tag: number): void;
}

interface Venue {
  server: ServerProgram;
  station: StationProgram;
  operator: Operator;
  ears: ScreenEars;
  poll: string;
  /** Counted so far, by option. */
  counts: number[];
}

let number = 0;

async function check(title: string, run: () => Promise<void>): Promise<void> {
  number += 1;
  try {
    await run();
    console.log(`ok ${number} - ${title}`);
  } catch (error) {
    console.log(`not ok ${number} - ${title}`);
    console.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

const PIN = "7319";

async function comeIn(station: string): Promise<Operator> {
  const operator = createOperatorHand(station);
  const access = await operator.enter(PIN);
  if (access.state !== "in") throw new Error(`the panel stays shut: ${JSON.stringify(access)}`);
  return operator;
}

/** Throws with the station's words when it refuses. */
async function act(operator: Operator, action: Parameters<Operator["act"]>[0]): Promise<void> {
  const { status, body } = await operator.act(action);
  if (status !== 204) throw new Error(`${action.kind}: ${status} ${JSON.stringify(body)}`);
}

async function openVenue(): Promise<Venue> {
  const server = await startServerProgram();
  const station = await startStationProgram({ server: server.url });
  await server.organiser.admit(station.url);
  const { id } = await server.organiser.createPoll({
    question: "Tea or coffee?",
    options: ["Tea", "Coffee"],
    counts: "last",
  });
  await server.organiser.open(id);
  return {
    server,
    station,
    operator: await comeIn(station.url),
    ears: listenToScreen(station.url),
    poll: id,
    counts: [0, 0],
  };
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Plugs in both, lets the operator teach them slot 1 and 2 by tapping. */
async function teach({ operator }: Venue, kind: ReaderKind, twins: readonly Twin[], ask: boolean): Promise<void> {
  const before = new Set((await operator.state()).devices.map(({ id }) => id));
  for (const twin of twins) twin.plug();
  const arePlugged = ({ devices }: PanelState) => devices.filter(({ id }) => !before.has(id)).length >= 2;
  await operator.sees(`two ${kind} devices`, arePlugged, PATIENCE_MS);
  for (const [at, twin] of twins.entries()) {
    await act(operator, { kind: "listen", ask, target: null });
    const tapping = setInterval(() => twin.tap(9_000 + at), APART_MS);
    try {
      const state = await operator.sees(`a tap at ${kind} ${at + 1}`, (now) => newlyHeard(now) !== null, PATIENCE_MS);
      await act(operator, { kind: "assign", id: newlyHeard(state) ?? "", target: { kind: "slot", slot: at + 1 } });
    } finally {
      clearInterval(tapping);
    }
  }
  // What was held up last may be read late; while the operator listens it is no vote.
  await wait(2 * APART_MS);
  await act(operator, { kind: "stop-listening" });
  await present(operator, kind);
  await wait(APART_MS);
}

/** What was tapped and stands for nothing yet. */
function newlyHeard({ listening, readers }: PanelState): string | null {
  const id = listening?.heard?.id ?? null;
  return readers.some((reader) => reader.id === id && reader.target !== null) ? null : id;
}

async function present(operator: Operator, kind: ReaderKind): Promise<void> {
  await operator.sees(`two ${kind} readers present`, areTwo(kind, "present"), PATIENCE_MS);
}

function areTwo(kind: ReaderKind, state: "present" | "lost") {
  return ({ readers }: PanelState) =>
    readers.filter((reader) => reader.kind === kind && reader.state === state).length === 2;
}

let nextTag = 1_000;

/** A new tag at each twin: one vote more for each one's own answer. */
async function vote(venue: Venue, twins: readonly Twin[]): Promise<void> {
  for (const [at, twin] of twins.entries()) {
    twin.tap((nextTag += 1));
    venue.counts[at] = (venue.counts[at] ?? 0) + 1;
    await venue.server.organiser.tallyToBe(venue.poll, venue.counts, PATIENCE_MS).catch((cause: unknown) => {
      const heard = venue.ears.heard.flatMap((event) => (event.kind === "outcome" ? [event.outcome] : []));
      throw new Error(`the screen said ${JSON.stringify(heard.slice(-5))}`, { cause });
    });
  }
}

async function tellApart(venue: Venue, kind: ReaderKind, twins: readonly [Twin, Twin], ask = false): Promise<void> {
  const [first, second] = twins;
  await check(`${kind}: two alike are taught by tapping and vote apart`, async () => {
    await teach(venue, kind, twins, ask);
    await vote(venue, twins);
  });
  await check(`${kind}: pulled and plugged in in the other order they stand for the same answers`, async () => {
    first.unplug();
    second.unplug();
    await venue.operator.sees(`both ${kind} readers lost`, areTwo(kind, "lost"), PATIENCE_MS);
    second.plug();
    await wait(APART_MS);
    first.plug();
    await present(venue.operator, kind);
    await wait(APART_MS);
    await vote(venue, twins);
  });
  await check(`${kind}: and so they do after the station was killed and started again`, async () => {
    await venue.station.kill9();
    await venue.station.restart();
    venue.operator = await comeIn(venue.station.url);
    await present(venue.operator, kind);
    await wait(APART_MS);
    await vote(venue, twins);
  });
}

function wedgeTwin(name: string, port: number): Twin {
  const wedge = makeWedge(name);
  return {
    plug: () => wedge.plug(port),
    unplug: wedge.unplug,
    tap: (tag) => wedge.type(String(tag).padStart(10, "0")),
  };
}

function serialTwin(name: string, port: number): Twin {
  const adapter = makeSerialAdapter(name);
  return {
    plug: () => adapter.plug(port),
    unplug: adapter.unplug,
    tap: (tag) => adapter.write(Buffer.from(`Card UID: 04 A1 ${hexBytes(tag).join(" ")}\r\n`)),
  };
}

/** What the host plugs in is asked for on the console (vm.ts). */
function cardReaderTwin(name: string): Twin {
  return {
    plug: () => console.log(`HOST plug ${name}`),
    unplug: () => console.log(`HOST unplug ${name}`),
    tap(tag) {
      console.log(`HOST card ${name} 04a2${hexBytes(tag).join("")}`);
      setTimeout(() => console.log(`HOST take ${name}`), APART_MS / 2);
    },
  };
}

function hexBytes(tag: number): string[] {
  return [tag >> 8, tag & 0xff].map((byte) => byte.toString(16).padStart(2, "0"));
}

const venue = await openVenue();
await tellApart(venue, "evdev", [wedgeTwin("wedge-a", 0), wedgeTwin("wedge-b", 1)]);
await tellApart(venue, "serial", [serialTwin("line-a", 2), serialTwin("line-b", 3)]);
const pcscd = spawn("pcscd", ["--foreground"], { stdio: "inherit" });
await tellApart(venue, "pcsc", [cardReaderTwin("a"), cardReaderTwin("b")]);
venue.ears.close();
await venue.station.stop();
await venue.server.stop();
pcscd.kill();
console.log("end of tests");
