import { expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import type { Change } from "../../shared/domain/entry.ts";
import { testPoll } from "../../shared/domain/testing.ts";
import { sha256 } from "../ledger/sha256.ts";
import { createKnown } from "./known.ts";
import { openTestLedger } from "./link-bed.testing.ts";
import { EVENT_ID, createTestStation } from "./test-station.testing.ts";

const POLL = testPoll(sha256, 1);
const EDITED = testPoll(sha256, 1, { options: 4 });
const short = (poll: typeof POLL) => toHex(poll.short);

/** What follows a ledger from the start, and what begins to look at the end: the same. */
async function follow(...changes: Change[]) {
  const { ledger, remove } = await openTestLedger();
  const followed = createKnown(await ledger.standing());
  ledger.onCommit(followed.onCommit);
  await ledger.append({ kind: "event-created", event: EVENT_ID });
  for (const change of changes) await ledger.append(change);
  const late = createKnown(await ledger.standing());
  await ledger.close();
  remove();
  return [followed, late];
}

test("a poll is found by its hash at once, a draft written anew by the new one only", async () => {
  for (const known of await follow(POLL.defined, EDITED.defined, EDITED.opened)) {
    expect(known.pollByHash(short(POLL))).toBeUndefined();
    expect(known.pollByHash(short(EDITED))).toMatchObject({ state: "open", options: 4 });
    expect([...known.polls()]).toHaveLength(1);
  }
});

test("a draft whose hash another one took over is not lost with it", async () => {
  for (const known of await follow(POLL.defined, EDITED.defined, POLL.defined))
    expect(known.pollByHash(short(POLL))?.options).toBe(3);
});

test("a station's branches are found by the station, and a log is taken that nobody said anything of", async () => {
  const station = createTestStation();
  const log = station.newLog(5);
  const judged: Change = { kind: "log-judged", log: log.id, admitted: false };
  for (const known of await follow(station.admitted, log.opened, judged)) {
    expect([...known.branchesOf(station.id)].map((row) => row.log)).toEqual([log.id]);
    expect(known.standingOf(log.id)).toBe("rejected");
    expect([...known.branchesOf("somebody else")]).toEqual([]);
    expect(known.standingOf("another")).toBe("taken");
  }
});

test("the roll and the key's end outlast the commits after them", async () => {
  const station = createTestStation();
  for (const known of await follow({ kind: "key-destroyed" }, station.admitted)) {
    expect(known.keyDestroyed()).toBe(true);
    expect(known.station(station.id)?.revoked).toBeNull();
    expect(known.roll()).toEqual([]);
  }
});
