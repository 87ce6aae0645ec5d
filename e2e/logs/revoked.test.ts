/** A station is taken out of the event while its poll is open. */
import { expect, test } from "vitest";
import { readStationLogs } from "../crash/disks.ts";
import { idOf, openVenue } from "../venue/venue.ts";

const isRevoked = ({ link }: { link: { state: string } }) => link.state === "revoked";

test("revoked mid-poll: its votes up to the number named stay, and from then on it says so and takes none", async () => {
  const { organiser, ...venue } = await openVenue();
  const stolen = await venue.addKiosk("Stolen");
  const other = await venue.addKiosk("Other");
  const poll = await venue.openPoll([stolen, other]);
  const badges = await stolen.vote(1, 4);
  await organiser.tallyToBe(poll.id, [4, 0, 0]);
  const [[log, records] = ["", []]] = readStationLogs(stolen.station.data);
  await organiser.revoke(await idOf(organiser, "Stolen"), [{ log, number: records.length - 2 }]);
  await organiser.tallyToBe(poll.id, [2, 0, 0]);

  await stolen.screenToBe("that it was revoked", isRevoked);
  expect(await stolen.tap(1)).toBe("revoked");
  const { stations, waiting } = await organiser.stations();
  expect(stations.find(({ name }) => name === "Stolen")).toMatchObject({ revoked: true, connected: false });
  expect(waiting).toEqual([]);
  // Of those that were taken out, who votes elsewhere is counted there.
  expect(await other.tap(2, badges[3])).toBe("stored");
  expect(await other.tap(2, badges[0])).toBe("stored");
  await organiser.tallyToBe(poll.id, [2, 1, 0]);

  // Nor does it after a restart, with its server there or not.
  await stolen.kill9();
  stolen.cable.pull();
  await stolen.restart();
  await stolen.screenToBe("that it was revoked", isRevoked);
  expect(await stolen.tap(1)).toBe("revoked");
  stolen.cable.plug();
  expect(await stolen.tap(2)).toBe("revoked");
  expect((await organiser.stations()).waiting).toEqual([]);
  await organiser.close(poll.id);
  await organiser.certified(poll.id);
  expect((await organiser.tally(poll.id)).counts).toEqual([2, 1, 0]);
}, 60_000);

test("revoked while it was away: what the server had stays, what it brings does not count, and it learns of it", async () => {
  const { organiser, ...venue } = await openVenue();
  const stolen = await venue.addKiosk("Stolen");
  const poll = await venue.openPoll([stolen]);
  await stolen.vote(1, 2);
  await organiser.tallyToBe(poll.id, [2, 0, 0]);
  await stolen.cut();
  await stolen.vote(2, 2);
  await organiser.revoke(await idOf(organiser, "Stolen"));
  expect(await stolen.tap(2)).toBe("safe-here");

  stolen.cable.plug();
  await stolen.screenToBe("that it was revoked", isRevoked);
  expect(await stolen.tap(2)).toBe("revoked");
  await organiser.close(poll.id);
  await organiser.certified(poll.id);
  expect((await organiser.tally(poll.id)).counts).toEqual([2, 0, 0]);
}, 60_000);
