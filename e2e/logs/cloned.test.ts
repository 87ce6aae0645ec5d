/** A station's disk is copied, and both run. */
import { expect, test } from "vitest";
import type { Kiosk } from "../venue/kiosk.ts";
import { CAN_SNAPSHOT, NO_SNAPSHOT, copyOf, snapshotOf } from "../venue/copies.ts";
import { openVenue, type Venue } from "../venue/venue.ts";
import { alarms, logAside } from "./alarms.ts";

const LIMIT_MS = 60_000;

/** Both vote, the one at slot 1 and the copy at slot 2, until both screens and the organiser know of each other. */
async function voteUntilAlarm({ organiser }: Venue, original: Kiosk, copy: Kiosk) {
  await Promise.all([original.vote(1, 2), copy.vote(2, 2)]);
  // The word of the other reaches a kiosk with its own next vote at the latest.
  await Promise.all([original.vote(1, 1), copy.vote(2, 1)]);
  await copy.screenToBe("to be set aside", ({ branch }) => branch === "aside");
  await original.screenToBe("to know of the copy", ({ branch }) => branch === "copy");
  // Neither stops taking votes for that.
  await Promise.all([original.vote(1, 1), copy.vote(2, 1)]);
  return logAside(organiser);
}

test.skipIf(!CAN_SNAPSHOT)(
  `a copy started beside the original: both are alarmed and take votes; admitted, the copy's votes count${NO_SNAPSHOT}`,
  async () => {
    const venue = await openVenue();
    const { organiser } = venue;
    const original = await venue.addKiosk("Foyer");
    const poll = await venue.openPoll([original]);
    await original.vote(1, 2);
    await organiser.tallyToBe(poll.id, [2, 0, 0]);
    const copy = await venue.addCopy("Copy", await snapshotOf(original.station));
    await copy.online();
    expect(await alarms(organiser, [original, copy])).toEqual([]);

    const aside = await voteUntilAlarm(venue, original, copy);
    expect((await alarms(organiser, [original, copy])).toSorted()).toEqual(
      ["Copy: aside", "Foyer: copy", "list, Foyer: aside"].toSorted(),
    );
    await organiser.judge(aside, "admit");
    await organiser.tallyToBe(poll.id, [6, 4, 0]);
    await copy.screenToBe("to be admitted", ({ branch, link }) => branch === null && link.safeHere === 0);
    await original.screenToBe("that all is well", ({ branch }) => branch === null);
    await Promise.all([original.vote(1, 1), copy.vote(2, 1)]);
    await organiser.tallyToBe(poll.id, [7, 5, 0]);

    await organiser.close(poll.id);
    const { certified } = await organiser.certified(poll.id);
    expect(certified).toMatchObject({ why: "drained", missing: [] });
    expect((await organiser.tally(poll.id)).counts).toEqual([7, 5, 0]);
  },
  LIMIT_MS,
);

test("two started from one disk: the later one's votes wait on it for the organiser; rejected, none of them counts", async () => {
  const venue = await openVenue();
  const { organiser } = venue;
  const original = await venue.addKiosk("Foyer");
  const poll = await venue.openPoll([original]);
  await original.vote(1, 2);
  await organiser.tallyToBe(poll.id, [2, 0, 0]);
  await original.stop();
  const disk = copyOf(original.station);
  await original.restart();
  await original.online();
  const copy = await venue.addCopy("Copy", disk);
  await copy.online();

  const aside = await voteUntilAlarm(venue, original, copy);
  await original.screenToBe("all to be delivered", ({ link }) => link.safeHere === 0);
  expect((await copy.station.health()).safeHere).toBeGreaterThan(0);
  await organiser.close(poll.id);
  await original.screenToBe("the close", (screen) => screen.poll?.state === "closed");
  // Undecided, it holds the certificate.
  const { stations } = await organiser.certification(poll.id);
  expect(stations).toMatchObject([{ name: "Foyer", missing: "branch-undecided" }]);

  await organiser.judge(aside, "reject");
  await organiser.certified(poll.id);
  expect((await organiser.tally(poll.id)).counts).toEqual([6, 0, 0]);
  await copy.screenToBe("to be rejected", ({ branch, link }) => branch === "rejected" && link.safeHere === 0);
  // The copy takes taps and says that they do not count; a restart does not change that.
  const next = await venue.openPoll([original, copy]);
  await original.vote(1, 1);
  expect(await copy.tap(1)).toBe("not-admitted");
  await copy.kill9();
  copy.cable.pull();
  await copy.restart();
  expect(await copy.tap(1)).toBe("not-admitted");
  copy.cable.plug();
  await copy.online();
  await copy.screenToBe("to be rejected", ({ branch }) => branch === "rejected");
  expect(await copy.tap(1)).toBe("not-admitted");
  await organiser.close(next.id);
  await organiser.certified(next.id);
  expect((await organiser.tally(next.id)).counts).toEqual([1, 0, 0]);
}, 60_000);
