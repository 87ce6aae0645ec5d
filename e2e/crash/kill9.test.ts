/** kill -9 in the midst of voting: whoever was shown success is counted exactly once, and nobody else is. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { Poll } from "../../shared/api/polls.ts";
import { HAS_SOCAT } from "../rig/pty.ts";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import { stationDrained } from "../rig/station-health.ts";
import { readLedger, readStationLogs, votesOf, votesOfTaps } from "./disks.ts";
import { countsOf, openKiosk, openPoll, SLOTS, type Kiosk } from "./hall.ts";
import { createRandom, type Random } from "./random.ts";

/** Half of them under each rule. */
const ROUNDS = 20;
const PER_READER = 40;
const TAPS = PER_READER * SLOTS;
/** It takes 40 s on two idle cores, twice that on busy ones. */
const LIMIT_MS = 240_000;
/** After the success that a kill waits for: anywhere in the way of the taps after it. */
const KILL_WITHIN_MS = 25;
/** From the kill until somebody, or systemd, starts it again. */
const DOWN_AT_MOST_MS = 300;
/** The longest back-off, and the restart of both. */
const DRAIN_MS = 20_000;

test.skipIf(!HAS_SOCAT)(
  `every tap whose success was shown is counted exactly once, nothing else is: ${ROUNDS} rounds of ${TAPS} taps, ` +
    `station and server killed at random moments${HAS_SOCAT ? "" : " (not run: socat is missing)"}`,
  { timeout: LIMIT_MS },
  async () => {
    const random = createRandom("kill -9");
    const server = await startServerProgram();
    onTestFinished(async () => void (await server.kill9()));
    const kiosk = await openKiosk(server);
    onTestFinished(kiosk.close);
    const { voters, station } = kiosk;
    const expected: string[] = [];
    const roundsMs: number[] = [];
    for (const counts of ["first", "last"] as const) {
      const before = voters.shown.length;
      const poll = await openPoll(server, [kiosk], counts);
      await voters.untilQuestionSettles();
      for (let round = 1; round <= ROUNDS / 2; round++) {
        const beganMs = performance.now();
        await voteAmidKills(random, server, kiosk);
        await expectTally(server, kiosk, poll, before);
        roundsMs.push(Math.round(performance.now() - beganMs));
      }
      await server.organiser.close(poll.id);
      // With the station's last word, all that its disk holds is in the ledger.
      await server.organiser.certified(poll.id);
      expected.push(...votesOfTaps(server.data, poll.hash, voters.shown.slice(before)));
    }
    console.log(`rounds took ${roundsMs.join(", ")} ms; ${voters.again()} badges were held there again`);
    // Else the kills hit nothing.
    expect(voters.again()).toBeGreaterThan(ROUNDS / 2);

    expect(expected.length).toBe(new Set(expected).size);
    // One more each, who tried whether the new question takes votes already.
    expect(voters.shown.length).toBe(ROUNDS * TAPS + 2);
    expect(voters.strays).toEqual([]);
    expect(voters.verdicts.filter((kind) => kind !== "counted" && kind !== "already-counted")).toEqual([]);

    await Promise.all([server.kill9(), kiosk.kill9()]);
    const ledger = readLedger(server.data);
    expect(votesOf(ledger.records)).toEqual(new Set(expected));
    expect(ledger.logs).toEqual(readStationLogs(station.data));
    expect(ledger.logs.size).toBeGreaterThan(ROUNDS / 2);
  },
);

/** A round of taps in which both programs are killed once and started again. */
async function voteAmidKills(random: Random, server: ServerProgram, kiosk: Kiosk): Promise<void> {
  const already = kiosk.voters.shown.length;
  const killOnce = async (kill: () => Promise<unknown>, restart: () => Promise<void>) => {
    const [after, lateMs, downMs] = [
      random.whole(1, TAPS - 1),
      random.whole(0, KILL_WITHIN_MS),
      random.whole(0, DOWN_AT_MOST_MS),
    ];
    await kiosk.voters.shownTo(already + after);
    await pause(lateMs);
    await kill();
    await pause(downMs);
    await restart();
  };
  await Promise.all([
    kiosk.voters.vote(PER_READER),
    killOnce(kiosk.kill9, kiosk.station.restart),
    killOnce(server.kill9, server.restart),
  ]);
}

/** Once the station says that all is with the server, the tally is there: not soon, but now. */
async function expectTally(server: ServerProgram, kiosk: Kiosk, poll: Poll, before: number): Promise<void> {
  await stationDrained(kiosk.station.url, DRAIN_MS);
  const { counts } = await server.organiser.tally(poll.id);
  expect(counts).toEqual(countsOf(kiosk.voters.shown.slice(before)));
}
