/** A station's disk is put back to an older copy of itself. */
import { expect, test } from "vitest";
import { copyOf, putBack } from "../venue/copies.ts";
import { openVenue } from "../venue/venue.ts";
import { alarms } from "./alarms.ts";

test("a disk put back to an older copy: counted votes stay, new ones count, nothing is refused, nobody is alarmed", async () => {
  const { organiser, server, ...venue } = await openVenue();
  const kiosk = await venue.addKiosk("Foyer");
  const poll = await venue.openPoll([kiosk]);
  await kiosk.vote(1, 3);
  await organiser.tallyToBe(poll.id, [3, 0, 0]);
  await kiosk.stop();
  const copy = copyOf(kiosk.station);
  await kiosk.restart();
  await kiosk.vote(2, 2);
  await organiser.tallyToBe(poll.id, [3, 2, 0]);

  await kiosk.kill9();
  putBack(kiosk.station, copy);
  await kiosk.restart();
  // At once, and again when the server knows the new log.
  await kiosk.vote(3, 1);
  await kiosk.online();
  await kiosk.vote(3, 1);
  await organiser.tallyToBe(poll.id, [3, 2, 2]);
  expect(await alarms(organiser, [kiosk])).toEqual([]);

  // Put back to the same copy again, with the server away: two branches, neither of them alive.
  await server.stop();
  await kiosk.kill9();
  putBack(kiosk.station, copy);
  await kiosk.restart();
  await kiosk.vote(1, 1);
  await server.restart();
  await organiser.tallyToBe(poll.id, [4, 2, 2]);
  expect(await alarms(organiser, [kiosk])).toEqual([]);

  await organiser.close(poll.id);
  await organiser.certified(poll.id);
  expect(await organiser.tally(poll.id)).toMatchObject({ counts: [4, 2, 2], provisional: false });
}, 60_000);
