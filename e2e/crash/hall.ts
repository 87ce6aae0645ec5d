/** A server, a station with readers on serial lines, people at them, and a poll: everything a crash is tried on. */
import type { Counts } from "../../shared/domain/poll.ts";
import type { Poll } from "../../shared/api/polls.ts";
import { openSerialLine, type SerialLine } from "../rig/pty.ts";
import { listenToScreen, type ScreenEars } from "../rig/screen-events.ts";
import type { ServerProgram } from "../rig/server-program.ts";
import { startStationProgram, type StationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";
import { createVoters, readersAt, type ShownTap, type Voters } from "./voters.ts";

export const SLOTS = 5;

export interface Kiosk {
  station: StationProgram;
  ears: ScreenEars;
  voters: Voters;
  /** Kill the station while people tap; they notice only that nothing happens. */
  kill9(): Promise<void>;
  close(): Promise<void>;
}

/** @param number tells kiosks, and the people at them, apart */
export async function openKiosk(server: ServerProgram, number = 1): Promise<Kiosk> {
  const lines: SerialLine[] = [];
  for (let slot = 1; slot <= SLOTS; slot++) lines.push(await openSerialLine());
  const station = await startStationProgram({ server: server.url, readers: readersAt(lines) });
  const ears = listenToScreen(station.url);
  const voters = createVoters(ears, lines, number);
  await server.organiser.admit(station.url, `Kiosk ${number}`);
  return {
    station,
    ears,
    voters,
    async kill9() {
      voters.stopTapping();
      await station.kill9();
    },
    async close() {
      ears.close();
      await station.kill9();
      await Promise.all(lines.map((line) => line.unplug()));
    },
  };
}

/** Open a new poll with an option for each slot; resolves when these kiosks show it. */
export async function openPoll(server: ServerProgram, kiosks: readonly Kiosk[], counts: Counts): Promise<Poll> {
  const options = Array.from({ length: SLOTS }, (_, at) => `Answer ${at + 1}`);
  const { id } = await server.organiser.createPoll({ question: `The ${counts} counts`, options, counts });
  const poll = await server.organiser.open(id);
  for (const { ears, station } of kiosks) {
    const shows = () =>
      ears.heard.some((event) => (event.kind === "snapshot" || event.kind === "poll") && event.poll?.id === id);
    await until(`${station.url} to show the poll`, shows);
  }
  return poll;
}

/** What a tally has to be when each of these people is counted once. */
export function countsOf(shown: readonly ShownTap[]): number[] {
  return Array.from({ length: SLOTS }, (_, at) => shown.filter(({ option }) => option === at + 1).length);
}
