/** The organiser certifies with a station missing, and what it brings later is late. */
import { expect, test } from "vitest";
import { until } from "../rig/within.ts";
import { openVenue } from "../venue/venue.ts";

test("by hand with a reason: the missing one is named; what it brings later is listed as late, and no total moves", async () => {
  const { organiser, ...venue } = await openVenue();
  const [off, there] = [await venue.addKiosk("Off"), await venue.addKiosk("There")];
  const poll = await venue.openPoll([off, there], { certify: "by-hand" });
  const [both = ""] = await there.vote(2, 1);
  await off.vote(1, 1);
  await organiser.tallyToBe(poll.id, [1, 1, 0]);
  await off.cut();
  await off.vote(3, 2);
  // Earlier or not, of one voter: nothing of it moves any more.
  expect(await off.tap(3, both)).toBe("safe-here");

  await organiser.close(poll.id);
  await until("the other to have delivered", async () => {
    const { stations } = await organiser.certification(poll.id);
    return stations.filter(({ missing }) => missing !== null).length === 1;
  });
  expect((await organiser.certification(poll.id)).certifiesAt).toBe(null);
  const without = await organiser.request("POST", `/polls/${poll.id}/certify`, {});
  expect(await without.text()).toContain("reason-needed");
  const reason = "The kiosk fell into the harbour.";
  await organiser.certify(poll.id, reason);
  const { certified } = await organiser.certified(poll.id);
  expect(certified).toMatchObject({ why: "by-hand", missing: [{ name: "Off" }], reason });
  expect(await organiser.tally(poll.id)).toMatchObject({ counts: [1, 1, 0], provisional: false, late: 0 });

  off.cable.plug();
  await off.screenToBe("all to be delivered", ({ link }) => link.state === "online" && link.safeHere === 0);
  await until("the late votes", async () => (await organiser.late(poll.id)).total === 3);
  const { ballots } = await organiser.late(poll.id);
  expect(ballots.map(({ name, option }) => `${name} ${option}`)).toEqual(["Off 3", "Off 3", "Off 3"]);
  expect(await organiser.tally(poll.id)).toMatchObject({ counts: [1, 1, 0], provisional: false, late: 3 });
  await until("the voters to be told", () => off.verdicts.filter((kind) => kind === "late").length === 3);
  await off.screenToBe("the certified counts", ({ tally }) => tally?.counts.join() === "1,1,0" && !tally.provisional);
}, 60_000);
