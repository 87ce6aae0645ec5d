/** The event key is destroyed at the end: here, and at every station that says so. */
import { expect, test } from "vitest";
import { until } from "../rig/within.ts";
import { openVenue } from "../venue/venue.ts";
import { readEventKey } from "../rig/event-key.ts";
import { filesHolding, formsOfBytes, holds, saidBy } from "./traces.ts";

test("the destroyed key is in no file; stations confirm, one that is away is named until it is back", async () => {
  const { organiser, server, ...venue } = await openVenue();
  const [there, away] = [await venue.addKiosk("There"), await venue.addKiosk("Away")];
  const poll = await venue.openPoll([there, away]);
  await Promise.all([there.vote(1, 1), away.vote(2, 1)]);
  await organiser.tallyToBe(poll.id, [1, 1, 0]);
  const key = formsOfBytes(readEventKey(server.data));
  const { id } = await organiser.event();
  const destroy = (confirm: string | null) => organiser.request("DELETE", "/event/key", { confirm });
  expect(await (await destroy(id)).text()).toContain("polls-open");
  await organiser.close(poll.id);
  await organiser.certified(poll.id);
  expect(await (await destroy("0".repeat(32))).text()).toContain("wrong-confirmation");
  expect(filesHolding(server.data, key)).not.toEqual([]);

  await away.kill9();
  expect((await destroy(id)).ok).toBe(true);
  const keyState = async () => {
    const { key: state } = await organiser.event();
    const names = (list: readonly { name: string | null }[] = []) => list.map(({ name }) => name);
    return { destroyed: state.destroyed, confirmed: names(state.confirmed), missing: names(state.missing) };
  };
  await until("the word of who is there", async () => (await keyState()).confirmed.length === 1);
  expect(await keyState()).toEqual({ destroyed: true, confirmed: ["There"], missing: ["Away"] });
  expect(filesHolding(server.data, key)).toEqual([]);
  expect(filesHolding(there.station.data, key)).toEqual([]);
  await there.screenToBe("that the event is over", ({ over }) => over);
  expect(await there.tap(1)).toBe("event-over");

  // Without the network it cannot know; it hears of it as soon as it has it again.
  expect(filesHolding(away.station.data, key)).not.toEqual([]);
  await away.restart();
  await until("the word of who was away", async () => (await keyState()).missing.length === 0);
  expect(new Set((await keyState()).confirmed)).toEqual(new Set(["Away", "There"]));
  expect(filesHolding(away.station.data, key)).toEqual([]);
  expect(await away.tap(1)).toBe("event-over");

  // For good: both programs come back without it.
  await Promise.all([server.restart(), there.restart()]);
  await there.screenToBe("that the event is over", ({ over }) => over);
  expect(await there.tap(1)).toBe("event-over");
  await there.online();
  expect((await keyState()).destroyed).toBe(true);
  expect(await organiser.tally(poll.id)).toMatchObject({ counts: [1, 1, 0], provisional: false });
  const programs = [server, there.station, away.station];
  for (const { data, program } of programs) {
    expect(filesHolding(data, key)).toEqual([]);
    expect(holds(saidBy(program), key)).toBe(false);
  }
}, 60_000);
