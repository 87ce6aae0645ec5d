/** Which of a voter's ballots counts follows from when each was cast, wherever and however late it arrives. */
import { expect, test } from "vitest";
import { until } from "../rig/within.ts";
import { newBadge } from "../venue/kiosk.ts";
import { clocksMoveOn, openVenue } from "../venue/venue.ts";

const LIMIT_MS = 60_000;

test(
  "last counts: what a never-synchronised station took counts only for voters who have no other vote",
  async () => {
    const { organiser, ...venue } = await openVenue();
    const [lonely, other] = [await venue.addKiosk("Lonely"), await venue.addKiosk("Other")];
    const poll = await venue.openPoll([lonely, other], { counts: "last" });
    const [both, one] = [newBadge(), newBadge()];
    expect(await other.tap(1, both)).toBe("stored");
    await organiser.tallyToBe(poll.id, [1, 0, 0]);
    // Started anew without the network, it never learns the server's time, and dies before it does.
    await lonely.stop();
    lonely.cable.pull();
    await lonely.restart();
    expect(await lonely.tap(2, both)).toBe("safe-here");
    expect(await lonely.tap(3, one)).toBe("safe-here");
    await lonely.kill9();
    lonely.cable.plug();
    await lonely.restart();
    await organiser.tallyToBe(poll.id, [1, 0, 1]);
    expect(await organiser.tally(poll.id)).toMatchObject({ unsynchronised: 1 });

    // A vote whose time is known goes before it, also where it was cast after that.
    expect(await other.tap(1, one)).toBe("stored");
    await organiser.tallyToBe(poll.id, [2, 0, 0]);
    expect(await organiser.tally(poll.id)).toMatchObject({ unsynchronised: 0 });
    await organiser.close(poll.id);
    await organiser.certified(poll.id);
    expect((await organiser.tally(poll.id)).counts).toEqual([2, 0, 0]);
  },
  LIMIT_MS,
);

test(
  "votes cast before the link was there move to their true time when it is",
  async () => {
    const { organiser, ...venue } = await openVenue();
    const [lonely, other] = [await venue.addKiosk("Lonely"), await venue.addKiosk("Other")];
    const poll = await venue.openPoll([lonely, other], { counts: "last" });
    const badge = newBadge();
    expect(await other.tap(1, badge)).toBe("stored");
    await organiser.tallyToBe(poll.id, [1, 0, 0]);
    await lonely.stop();
    lonely.cable.pull();
    await lonely.restart();
    expect(await lonely.tap(2, badge)).toBe("safe-here");
    lonely.cable.plug();
    await organiser.tallyToBe(poll.id, [0, 1, 0]);
    expect(await organiser.tally(poll.id)).toMatchObject({ unsynchronised: 0 });
  },
  LIMIT_MS,
);

test(
  "first counts: an earlier tap that arrives after the close displaces a later one until the certificate",
  async () => {
    const { organiser, ...venue } = await openVenue();
    const [away, there] = [await venue.addKiosk("Away"), await venue.addKiosk("There")];
    const poll = await venue.openPoll([away, there]);
    // So that its clock is known.
    await away.vote(3, 1);
    await organiser.tallyToBe(poll.id, [0, 0, 1]);
    await away.cut();
    const badge = newBadge();
    expect(await away.tap(1, badge)).toBe("safe-here");
    await clocksMoveOn();
    expect(await there.tap(2, badge)).toBe("stored");
    await organiser.tallyToBe(poll.id, [0, 1, 1]);
    await until("the voter to be told", () => there.verdicts.includes("counted"));
    await organiser.close(poll.id);
    await there.screenToBe("the close", (screen) => screen.poll?.state === "closed");
    expect(await organiser.tally(poll.id)).toMatchObject({ counts: [0, 1, 1], provisional: true });

    away.cable.plug();
    await organiser.certified(poll.id);
    expect(await organiser.tally(poll.id)).toMatchObject({ counts: [1, 0, 1], provisional: false });
  },
  LIMIT_MS,
);
