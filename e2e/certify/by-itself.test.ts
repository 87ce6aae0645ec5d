/** A closed poll is certified as soon as every station has said that no vote follows. */
import { expect, test } from "vitest";
import { until } from "../rig/within.ts";
import { openVenue } from "../venue/venue.ts";

const LIMIT_MS = 60_000;

test(
  "closed, with every station there: certified by itself, and every screen says that it is final",
  async () => {
    const { organiser, ...venue } = await openVenue();
    const kiosks = [await venue.addKiosk("One"), await venue.addKiosk("Two")];
    const poll = await venue.openPoll(kiosks);
    await Promise.all(kiosks.map((kiosk, at) => kiosk.vote(at + 1, 3)));
    await organiser.tallyToBe(poll.id, [3, 3, 0]);
    expect(await organiser.tally(poll.id)).toMatchObject({ provisional: true });
    for (const kiosk of kiosks) {
      await kiosk.screenToBe(
        "provisional counts",
        ({ tally }) => tally?.counts.join() === "3,3,0" && tally.provisional,
      );
    }

    await organiser.close(poll.id);
    const { certified, closedAt } = await organiser.certified(poll.id);
    expect(certified).toMatchObject({ why: "drained", missing: [], reason: null });
    expect(Date.parse(certified?.at ?? "")).toBeGreaterThanOrEqual(Date.parse(closedAt ?? ""));
    expect(await organiser.tally(poll.id)).toMatchObject({ counts: [3, 3, 0], state: "certified", provisional: false });
    for (const kiosk of kiosks) {
      await kiosk.screenToBe(
        "final counts",
        (screen) => screen.poll?.state === "certified" && screen.tally?.provisional === false,
      );
      expect(await kiosk.tap(1)).toBe("closed");
    }
  },
  LIMIT_MS,
);

test(
  "a station that is off holds the poll provisional and is named; when it is back its votes count, then it is certified",
  async () => {
    const { organiser, ...venue } = await openVenue();
    const [off, there] = [await venue.addKiosk("Off"), await venue.addKiosk("There")];
    const poll = await venue.openPoll([off, there]);
    await Promise.all([off.vote(1, 2), there.vote(2, 1)]);
    await organiser.tallyToBe(poll.id, [2, 1, 0]);
    await off.cut();
    await off.vote(1, 2);
    await off.kill9();

    await organiser.close(poll.id);
    await until("the other to have delivered", async () => {
      const { stations } = await organiser.certification(poll.id);
      return stations.find(({ name }) => name === "There")?.missing === null;
    });
    const { provisional, certifiesAt, stations } = await organiser.certification(poll.id);
    expect(provisional).toBe(true);
    expect(stations.find(({ name }) => name === "Off")).toMatchObject({ missing: "not-drained" });
    const { closedAt } = await organiser.poll(poll.id);
    expect(Date.parse(certifiesAt ?? "") - Date.parse(closedAt ?? "")).toBe(24 * 60 * 60 * 1000);
    expect(await organiser.tally(poll.id)).toMatchObject({ state: "closed", counts: [2, 1, 0], provisional: true });

    // Still without the network it takes votes, as it cannot know of the close; those come too late.
    await off.restart();
    expect(await off.tap(3)).toBe("safe-here");
    off.cable.plug();
    const { certified } = await organiser.certified(poll.id);
    expect(certified).toMatchObject({ why: "drained", missing: [] });
    expect(await organiser.tally(poll.id)).toMatchObject({ counts: [4, 1, 0], late: 0 });
  },
  LIMIT_MS,
);

test(
  "the server is killed between close and certificate: it certifies after its restart, whenever it was killed",
  async () => {
    const { organiser, server, ...venue } = await openVenue();
    const kiosks = [await venue.addKiosk("One"), await venue.addKiosk("Two")];
    for (const round of [0, 1, 2]) {
      const poll = await venue.openPoll(kiosks);
      await Promise.all(kiosks.map((kiosk, at) => kiosk.vote(at + 1, 2)));
      await organiser.tallyToBe(poll.id, [2, 2, 0]);
      if (round === 0) await kiosks[1]?.cut();
      await organiser.close(poll.id);
      // At once; as soon as one station has delivered; as soon as a screen shows the certificate.
      if (round === 0) {
        const first = async () =>
          (await organiser.certification(poll.id)).stations.some(({ missing }) => missing === null);
        await until("one to have delivered", first);
      }
      if (round === 2) await kiosks[0]?.screenToBe("the certificate", (screen) => screen.poll?.state === "certified");
      await server.kill9();
      kiosks[1]?.cable.plug();
      await server.restart();
      await organiser.certified(poll.id);
      expect((await organiser.tally(poll.id)).counts).toEqual([2, 2, 0]);
    }
  },
  LIMIT_MS,
);
