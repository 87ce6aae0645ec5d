/** Stations stand for themselves: one that dies takes nothing from another. */
import { expect, onTestFinished, test } from "vitest";
import { HAS_SOCAT } from "../rig/pty.ts";
import { startServerProgram } from "../rig/server-program.ts";
import { stationDrained } from "../rig/station-health.ts";
import { until } from "../rig/within.ts";
import { countsOf, openKiosk, openPoll, SLOTS } from "./hall.ts";

const PER_READER = 20;

test.skipIf(!HAS_SOCAT)(
  `a station that is killed does not touch another one${HAS_SOCAT ? "" : " (not run: socat is missing)"}`,
  { timeout: 60_000 },
  async () => {
    const server = await startServerProgram();
    onTestFinished(async () => void (await server.kill9()));
    const dying = await openKiosk(server, 1);
    onTestFinished(dying.close);
    const other = await openKiosk(server, 2);
    onTestFinished(other.close);
    const poll = await openPoll(server, [dying, other], "first");
    const links = () => other.ears.heard.flatMap((event) => (event.kind === "link" ? [event.link.state] : []));
    const linksBefore = links().length;

    const before = other.voters.vote(PER_READER);
    const killed = dying.voters.shownTo((PER_READER * SLOTS) / 2).then(async () => {
      await dying.kill9();
      await before;
      // All of these while the one station lies dead.
      await other.voters.vote(PER_READER);
      return dying.station.restart();
    });
    await Promise.all([dying.voters.vote(PER_READER), killed]);

    await Promise.all([stationDrained(dying.station.url), stationDrained(other.station.url)]);
    const { shown, verdicts } = other.voters;
    await until("every verdict", () => verdicts.length === shown.length);
    expect(new Set(verdicts)).toEqual(new Set(["counted"]));
    expect(new Set(shown.map(({ kind }) => kind))).toEqual(new Set(["stored"]));
    // It is told only when votes wait here for a moment, which they need not.
    expect(
      links()
        .slice(linksBefore)
        .filter((state) => state !== "online"),
    ).toEqual([]);
    const { counts } = await server.organiser.tally(poll.id);
    expect(counts).toEqual(countsOf([...dying.voters.shown, ...shown]));
  },
);
