/** A station's disk is lost for good, and a new one is enrolled in its place. */
import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { until } from "../rig/within.ts";
import { openVenue } from "../venue/venue.ts";

test("a lost disk: its delivered votes stand, the new station's count, and the old one is named missing", async () => {
  const { organiser, ...venue } = await openVenue();
  const kiosk = await venue.addKiosk("Foyer");
  const poll = await venue.openPoll([kiosk]);
  const [badge = ""] = await kiosk.vote(1, 2);
  await organiser.tallyToBe(poll.id, [2, 0, 0]);
  // Killed before its clock was compared, its votes would stand behind any whose time is known.
  await until("its clock to be known", async () => (await organiser.tally(poll.id)).unsynchronised === 0);
  await kiosk.kill9();
  rmSync(kiosk.station.data, { recursive: true });
  await kiosk.restart();
  const again = await organiser.admit(kiosk.station.url, "Foyer again");
  await kiosk.screenToBe("the poll", (screen) => screen.poll?.id === poll.id);
  // The event key is the same, and so is the pseudonym of who voted at the lost one.
  expect(await kiosk.tap(2, badge)).toBe("stored");
  await kiosk.vote(2, 1);
  await organiser.tallyToBe(poll.id, [2, 1, 0]);

  await organiser.close(poll.id);
  const owing = async () =>
    (await organiser.certification(poll.id)).stations.filter(({ missing }) => missing !== null).map(({ name }) => name);
  await until("the new one to deliver", async () => (await owing()).join() === "Foyer");
  const refused = await organiser.request("POST", `/polls/${poll.id}/certify`, {});
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain("reason-needed");
  await organiser.certify(poll.id, "The disk of the old kiosk is lost.");
  const { certified } = await organiser.poll(poll.id);
  expect(certified).toMatchObject({ why: "by-hand", missing: [{ name: "Foyer" }] });
  expect(certified?.missing.map(({ station }) => station)).not.toContain(again);
  expect(await organiser.tally(poll.id)).toMatchObject({ counts: [2, 1, 0], provisional: false });
}, 60_000);

test("revoked, a lost station holds up no certificate any more", async () => {
  const { organiser, ...venue } = await openVenue();
  const lost = await venue.addKiosk("Lost");
  const other = await venue.addKiosk("Other");
  const poll = await venue.openPoll([lost, other]);
  await Promise.all([lost.vote(1, 1), other.vote(2, 1)]);
  await organiser.tallyToBe(poll.id, [1, 1, 0]);
  await lost.kill9();
  await organiser.close(poll.id);
  const { stations } = await organiser.stations();
  await organiser.revoke(stations.find(({ name }) => name === "Lost")?.station ?? "");
  const { certified } = await organiser.certified(poll.id);
  expect(certified).toMatchObject({ why: "drained", missing: [] });
  expect((await organiser.tally(poll.id)).counts).toEqual([1, 1, 0]);
}, 60_000);
