/** SIGTERM and SIGINT stop both programs within 5 s with exit code 0, whatever they are in the middle of. */
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { listenToScreen } from "../rig/screen-events.ts";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import { stationCode } from "../rig/station-health.ts";
import { startStationProgram, type StationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";
import { expectGoodStop } from "./in-good-order.ts";

const NOBODY = "http://127.0.0.1:9";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function startServer(): Promise<ServerProgram> {
  const server = await startServerProgram();
  ends.push(() => server.stop());
  return server;
}

async function startStation(server: string): Promise<StationProgram> {
  const station = await startStationProgram({ server, demo: true });
  ends.push(() => station.stop());
  return station;
}

/** A server and a station that know each other, an open poll, and a screen that looks on. */
async function startHall() {
  const server = await startServer();
  const station = await startStation(server.url);
  await server.organiser.admit(station.url);
  const { id } = await server.organiser.createPoll({ question: "Which?", options: ["a", "b"], counts: "last" });
  await server.organiser.open(id);
  const ears = listenToScreen(station.url);
  ends.push(() => ears.close());
  await until("the poll", () => ears.heard.some((event) => "poll" in event && event.poll !== null));
  return { server, station, ears, id };
}

/** A new badge at a virtual reader. */
async function tapOnce(station: StationProgram, slot: number): Promise<void> {
  const reply = await fetch(new URL("/demo/taps", station.url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ slot, uid: randomBytes(5).toString("hex") }),
  });
  if (!reply.ok) throw new Error(`a tap was answered ${reply.status}`);
}

/** Taps until the station is gone, each as soon as the one before was taken. Resolves when the first fifty are in. */
async function streamTaps(station: StationProgram): Promise<void> {
  let taken = 0;
  const over = new AbortController();
  ends.push(() => over.abort());
  const tapOn = async (slot: number) => {
    while (!over.signal.aborted) {
      await tapOnce(station, slot);
      taken += 1;
    }
  };
  // A station that stops refuses them, which is no trouble here.
  for (const slot of [1, 2]) tapOn(slot).catch(() => undefined);
  await until("fifty taps", () => taken >= 50);
}

/** Make a program hang, as a computer without memory does; it goes on when the test is over. */
function hang(program: { pid: number }): void {
  const { pid } = program;
  process.kill(pid, "SIGSTOP");
  ends.push(() => process.kill(pid, "SIGCONT"));
}

/** A visitor who begins a request and never ends it. */
async function beginRequest(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  ends.push(() => socket.destroy());
  await new Promise<void>((resolve) => void socket.once("connect", () => resolve()));
  socket.write(`POST /demo/taps HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Length: 99\r\n\r\n{`);
}

describe("the station stops", () => {
  test("as soon as it listens, with no server there", async () => {
    const station = await startStation(NOBODY);
    await expectGoodStop(station.program);
  });

  test("while it waits to be admitted", async () => {
    const server = await startServer();
    const station = await startStation(server.url);
    await stationCode(station.url);
    await expectGoodStop(station.program);
  });

  test("with a screen that looks on, and taps streaming in", async () => {
    const { station } = await startHall();
    await streamTaps(station);
    await expectGoodStop(station.program);
  });

  test("while its server hangs", async () => {
    const { server, station } = await startHall();
    hang(server);
    await streamTaps(station);
    await expectGoodStop(station.program, "SIGINT");
  });

  test("while somebody does not end a request", async () => {
    const station = await startStation(NOBODY);
    await beginRequest(station.url);
    await expectGoodStop(station.program);
  });
});

describe("the server stops", () => {
  test("as soon as it listens", async () => {
    const server = await startServer();
    await expectGoodStop(server.program);
  });

  test("while a station waits to be admitted, and somebody does not end a request", async () => {
    const server = await startServer();
    const station = await startStation(server.url);
    await stationCode(station.url);
    await beginRequest(server.url);
    await expectGoodStop(server.program);
  });

  test("with taps streaming in, and somebody following the tally", async () => {
    const { server, station, id } = await startHall();
    const live = await server.organiser.request("GET", `/polls/${id}/events`);
    expect(live.headers.get("content-type")).toMatch("text/event-stream");
    ends.push(() => live.body?.cancel().catch(() => undefined));
    await streamTaps(station);
    await expectGoodStop(server.program);
  });

  test("while its station hangs", async () => {
    const { server, station } = await startHall();
    hang(station);
    await expectGoodStop(server.program, "SIGINT");
  });
});

test("after a restart the open poll and its tally are there at once, at the station without its server", async () => {
  const { server, station, ears, id } = await startHall();
  const counts = [2, 3];
  for (const slot of [1, 1, 2, 2, 2]) await tapOnce(station, slot);
  await server.organiser.tallyToBe(id, counts);
  const tallies = () => ears.heard.flatMap((event) => (event.kind === "tally" ? [event.tally.counts.join()] : []));
  await until("the tally on the screen", () => tallies().at(-1) === counts.join());
  await expectGoodStop(server.program);
  await station.restart();
  const again = listenToScreen(station.url);
  ends.push(() => again.close());
  const first = await until("the first picture", () => again.heard[0]);
  expect(first).toMatchObject({ kind: "snapshot", poll: { id, state: "open" }, tally: { poll: id, counts } });

  await server.restart();
  expect(await server.organiser.tally(id)).toMatchObject({ counts });
});
