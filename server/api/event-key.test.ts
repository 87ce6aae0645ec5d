import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestLog, testId } from "../../shared/domain/testing.ts";
import { sha256 } from "../ledger/sha256.ts";
import { EVENT, createTestBed, slugOf, type TestBed } from "./test-bed.ts";

let bed: TestBed;
let headers: { authorization: string };
const [ENTRANCE, BAR, LOST] = [testId(0xb0), testId(0xb1), testId(0xb2)];
beforeEach(async () => {
  bed = await createTestBed();
  headers = await bed.organiser();
  for (const station of [ENTRANCE, BAR, LOST]) {
    await bed.ledger.append({ kind: "station-admitted", station, key: new Uint8Array(32) });
  }
  bed.texts.setStationName(ENTRANCE, "Entrance");
  bed.texts.setStationName(BAR, "Bar");
});
afterEach(() => bed.close());

const destroy = (confirm: string) =>
  bed.api.inject({ method: "DELETE", url: "/api/v1/event/key", headers, payload: { confirm } });
const keyState = async (as: object = headers) =>
  (await bed.api.inject({ url: "/api/v1/event", headers: { ...as } })).json<{ key: unknown }>().key;

test("the key is destroyed by naming the event, and stations that have not confirmed are named", async () => {
  expect(await keyState()).toEqual({ destroyed: false, confirmed: [], missing: [] });
  await bed.ledger.append({ kind: "station-revoked", station: LOST, accepted: [] });
  const reply = await destroy(EVENT);
  const [entrance, bar] = [
    { station: ENTRANCE, name: "Entrance" },
    { station: BAR, name: "Bar" },
  ];
  expect(reply.json()).toMatchObject({ id: EVENT, key: { destroyed: true, confirmed: [], missing: [entrance, bar] } });
  const log = createTestLog(sha256, { station: BAR, event: EVENT });
  log.add({ kind: "forgot", ms: 1 });
  await bed.ledger.append(log.opened);
  await bed.ledger.append(log.batch());
  expect(await keyState()).toEqual({ destroyed: true, confirmed: [bar], missing: [entrance] });
});

test("everybody may know that the key is destroyed; where stations are, the organiser only", async () => {
  await destroy(EVENT);
  expect(await keyState({})).toEqual({ destroyed: true });
});

test("without the event's id, with polls open, or twice, the key is not destroyed", async () => {
  const wrong = await destroy("f".repeat(32));
  expect([wrong.statusCode, slugOf(wrong)]).toEqual([422, "wrong-confirmation"]);
  const poll = await bed.draft();
  await bed.open(poll);
  const open = await destroy(EVENT);
  expect([open.statusCode, slugOf(open)]).toEqual([409, "polls-open"]);
  expect(await keyState()).toMatchObject({ destroyed: false });
  await bed.api.inject({ method: "POST", url: `/api/v1/polls/${poll}/close`, headers });
  expect((await destroy(EVENT)).statusCode).toBe(200);
  expect(slugOf(await destroy(EVENT))).toBe("already-destroyed");
});

test("without the key no poll is opened any more: nobody could vote on it", async () => {
  const draft = await bed.api.inject({
    method: "POST",
    url: "/api/v1/polls",
    headers,
    payload: { question: "Tea or coffee?", options: ["Tea", "Coffee"], counts: "first" },
  });
  await destroy(EVENT);
  const { id } = draft.json<{ id: string }>();
  const opened = await bed.api.inject({ method: "POST", url: `/api/v1/polls/${id}/open`, headers });
  expect(slugOf(opened)).toBe("key-destroyed");
});
