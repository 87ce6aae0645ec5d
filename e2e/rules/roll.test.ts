/** The roll: who may vote, as which voter, with which weight, known to stations without a network. */
import { expect, test } from "vitest";
import { until } from "../rig/within.ts";
import { newBadge, type Kiosk } from "../venue/kiosk.ts";
import { clocksMoveOn, openVenue } from "../venue/venue.ts";

const LIMIT_MS = 60_000;

/** Resolves when the kiosk knows the roll: it turns away whoever is not on it. */
async function knowsRoll(kiosk: Kiosk): Promise<void> {
  await until("the roll to be there", async () => (await kiosk.tap(1)) === "unknown-tag");
}

test(
  "an unknown tag is refused online, offline and after a restart offline, and leaves no ballot",
  async () => {
    const { organiser, ...venue } = await openVenue();
    const kiosk = await venue.addKiosk("Foyer");
    const [member, guest] = [newBadge(), newBadge()];
    await organiser.adoptRoll([{ voter: 1, tags: [member] }]);
    const poll = await venue.openPoll([kiosk]);
    await knowsRoll(kiosk);
    await kiosk.cut();
    expect(await kiosk.tap(2, guest)).toBe("unknown-tag");
    await kiosk.stop();
    await kiosk.restart();
    expect(await kiosk.tap(3, guest)).toBe("unknown-tag");
    expect(await kiosk.tap(2, member)).toBe("safe-here");

    // Once it is on the roll, it can be held there again.
    await organiser.adoptRoll([
      { voter: 1, tags: [member] },
      { voter: 2, tags: [guest] },
    ]);
    kiosk.cable.plug();
    await kiosk.online();
    await until("the new roll to be there", async () => (await kiosk.tap(1, guest)) === "stored");
    await organiser.tallyToBe(poll.id, [1, 1, 0]);
  },
  LIMIT_MS,
);

test(
  "two tags of one voter at two offline stations count once: the earlier one",
  async () => {
    const { organiser, ...venue } = await openVenue();
    const [one, two] = [await venue.addKiosk("One"), await venue.addKiosk("Two")];
    const [card, fob] = [newBadge(), newBadge()];
    await organiser.adoptRoll([{ voter: 7, tags: [card, fob], weight: 3 }]);
    const poll = await venue.openPoll([one, two]);
    await Promise.all([knowsRoll(one), knowsRoll(two)]);
    await Promise.all([one.cut(), two.cut()]);
    expect(await one.tap(1, card)).toBe("safe-here");
    await clocksMoveOn();
    expect(await two.tap(2, fob)).toBe("safe-here");
    // The later one arrives first, and counts for as long as it is the only one.
    two.cable.plug();
    await organiser.tallyToBe(poll.id, [0, 3, 0]);
    one.cable.plug();
    await organiser.tallyToBe(poll.id, [3, 0, 0]);
    await organiser.close(poll.id);
    await organiser.certified(poll.id);
    expect(await organiser.tally(poll.id)).toMatchObject({ counts: [3, 0, 0], total: 3 });
  },
  LIMIT_MS,
);

test(
  "a roll replaced mid-poll judges the whole poll: votes of whoever left go, weights and groups are the new ones",
  async () => {
    const { organiser, ...venue } = await openVenue();
    const kiosk = await venue.addKiosk("Foyer");
    const [ada, bo, cy] = [newBadge(), newBadge(), newBadge()];
    await organiser.adoptRoll([
      { voter: 1, tags: [ada], group: 1 },
      { voter: 2, tags: [bo], group: 1 },
      { voter: 3, tags: [cy], group: 2 },
    ]);
    const poll = await venue.openPoll([kiosk], { groups: [1] });
    await knowsRoll(kiosk);
    expect(await kiosk.tap(1, ada)).toBe("stored");
    expect(await kiosk.tap(2, bo)).toBe("stored");
    expect(await kiosk.tap(3, cy)).toBe("not-entitled");
    await organiser.tallyToBe(poll.id, [1, 1, 0]);

    await organiser.adoptRoll([
      { voter: 2, tags: [bo], group: 1, weight: 5 },
      { voter: 3, tags: [cy], group: 1 },
    ]);
    await organiser.tallyToBe(poll.id, [0, 5, 0]);
    await until("the kiosk to know", async () => (await kiosk.tap(1, cy)) === "stored");
    await organiser.tallyToBe(poll.id, [1, 5, 0]);
    // Back on it, her vote is there again.
    await organiser.adoptRoll([
      { voter: 1, tags: [ada], group: 1, weight: 2 },
      { voter: 3, tags: [cy], group: 1 },
    ]);
    await organiser.tallyToBe(poll.id, [3, 0, 0]);

    await organiser.close(poll.id);
    await organiser.certified(poll.id);
    // After the certificate a roll changes nothing.
    await organiser.dropRoll();
    expect(await organiser.tally(poll.id)).toMatchObject({ counts: [3, 0, 0], provisional: false });
  },
  LIMIT_MS,
);
