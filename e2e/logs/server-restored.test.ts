/** The server is put back to a backup that is older than what its stations know. */
import * as v from "valibot";
import { expect, test } from "vitest";
import { PollList, type Poll } from "../../shared/api/polls.ts";
import { until } from "../rig/within.ts";
import { copyOf, putBack } from "../venue/copies.ts";
import { openVenue, type Venue } from "../venue/venue.ts";

const LIMIT_MS = 60_000;

/** A backup as a careful administrator makes it, of the stopped server. */
async function backUp({ server }: Venue): Promise<string> {
  await server.stop();
  const backup = copyOf(server);
  await server.restart();
  return backup;
}

/** The server dies, and its disk is put back. Resolves with the poll as soon as it is there again as it was. */
async function restore({ server, organiser }: Venue, backup: string, before: Poll): Promise<Poll> {
  await server.kill9();
  putBack(server, backup);
  await server.restart();
  return until("the poll to be brought back", async () => {
    const { polls } = v.parse(PollList, await (await organiser.request("GET", "/polls")).json());
    const poll = polls.find(({ id }) => id === before.id);
    return poll?.state === before.state && poll;
  });
}

/** All of a poll but its place in the ledger, which is another now. */
function withoutCursor(poll: Poll): Omit<Poll, "cursor"> {
  const { cursor: _, ...rest } = poll;
  return rest;
}

test(
  "a backup older than the poll: its stations bring back the poll, its windows and its votes",
  async () => {
    const venue = await openVenue();
    const { organiser } = venue;
    const [one, two] = [await venue.addKiosk("One"), await venue.addKiosk("Two")];
    const backup = await backUp(venue);
    const poll = await venue.openPoll([one, two], { counts: "last" });
    const [changed = ""] = await one.vote(1, 3);
    await organiser.pause(poll.id);
    await one.screenToBe("the pause", (screen) => screen.poll?.state === "paused");
    expect(await one.tap(2)).toBe("paused");
    await organiser.open(poll.id);
    for (const kiosk of [one, two]) await kiosk.screenToBe("it open", (screen) => screen.poll?.state === "open");
    await two.vote(2, 2);
    expect(await two.tap(3, changed)).toBe("stored");
    await organiser.tallyToBe(poll.id, [2, 2, 1]);
    const before = await organiser.poll(poll.id);
    expect(before.windows).toHaveLength(2);

    const after = await restore(venue, backup, before);
    expect(withoutCursor(after)).toEqual(withoutCursor(before));
    await organiser.tallyToBe(poll.id, [2, 2, 1]);
    await Promise.all([one.online(), two.online()]);
    await Promise.all([one.vote(3, 1), two.vote(3, 1)]);
    await organiser.close(poll.id);
    await organiser.certified(poll.id);
    expect((await organiser.tally(poll.id)).counts).toEqual([2, 2, 3]);
  },
  LIMIT_MS,
);

test(
  "a backup older than half the votes: the tally is as before, and voting goes on all the time",
  async () => {
    const venue = await openVenue();
    const { organiser } = venue;
    const [one, two] = [await venue.addKiosk("One"), await venue.addKiosk("Two")];
    const poll = await venue.openPoll([one, two]);
    await Promise.all([one.vote(1, 2), two.vote(2, 2)]);
    await organiser.tallyToBe(poll.id, [2, 2, 0]);
    const backup = await backUp(venue);
    await Promise.all([one.online(), two.online()]);
    await Promise.all([one.vote(1, 2), two.vote(2, 2)]);
    await organiser.tallyToBe(poll.id, [4, 4, 0]);
    const before = await organiser.poll(poll.id);

    // One is started anew in between, and has two logs to deliver.
    const [after] = await Promise.all([
      restore(venue, backup, before),
      one.kill9().then(async () => {
        await one.restart();
        await one.vote(3, 2);
      }),
      two.vote(3, 2),
    ]);
    expect(after).toMatchObject({ state: "open", windows: before.windows });
    await organiser.tallyToBe(poll.id, [4, 4, 4]);
    await organiser.close(poll.id);
    await organiser.certified(poll.id);
    expect((await organiser.tally(poll.id)).counts).toEqual([4, 4, 4]);
  },
  LIMIT_MS,
);

test(
  "a backup from before the close: the poll is closed again, since the same moment",
  async () => {
    const venue = await openVenue();
    const { organiser } = venue;
    const kiosk = await venue.addKiosk("Foyer");
    const poll = await venue.openPoll([kiosk], { certify: "by-hand" });
    await kiosk.vote(1, 2);
    await organiser.tallyToBe(poll.id, [2, 0, 0]);
    const backup = await backUp(venue);
    await kiosk.online();
    await kiosk.vote(2, 1);
    await organiser.tallyToBe(poll.id, [2, 1, 0]);
    const before = await organiser.close(poll.id);
    await kiosk.screenToBe("the close", (screen) => screen.poll?.state === "closed");

    const after = await restore(venue, backup, before);
    expect(withoutCursor(after)).toEqual(withoutCursor(before));
    await organiser.tallyToBe(poll.id, [2, 1, 0]);
    expect(await kiosk.tap(1)).toBe("closed");
    await until("all to be delivered", async () => {
      const { stations } = await organiser.certification(poll.id);
      return stations.length === 1 && stations[0]?.missing === null;
    });
    await organiser.certify(poll.id);
    expect(await organiser.tally(poll.id)).toMatchObject({ counts: [2, 1, 0], provisional: false });
  },
  LIMIT_MS,
);

test(
  "a backup from before the certificate: what was certified is so again, with the same totals",
  async () => {
    const venue = await openVenue();
    const { organiser } = venue;
    const kiosk = await venue.addKiosk("Foyer");
    const poll = await venue.openPoll([kiosk]);
    await kiosk.vote(1, 2);
    await organiser.tallyToBe(poll.id, [2, 0, 0]);
    const backup = await backUp(venue);
    await kiosk.online();
    await kiosk.vote(3, 3);
    await organiser.close(poll.id);
    const before = await organiser.certified(poll.id);
    await kiosk.screenToBe("the certificate", (screen) => screen.poll?.state === "certified");

    const after = await restore(venue, backup, before);
    expect(after).toMatchObject({ windows: before.windows, closedAt: before.closedAt, certified: { missing: [] } });
    // From the first moment on: a certified total never moves.
    expect(await organiser.tally(poll.id)).toMatchObject({ counts: [2, 0, 3], provisional: false });
    await kiosk.screenToBe("all to be delivered", ({ link }) => link.state === "online" && link.safeHere === 0);
    expect((await organiser.tally(poll.id)).counts).toEqual([2, 0, 3]);
  },
  LIMIT_MS,
);
