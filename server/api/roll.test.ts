import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MAX_CHUNK_TAGS, MAX_ROLL_CHUNKS, decodeRollChunk } from "../../shared/domain/roll.ts";
import { EVENT, EVENT_KEY, createTestBed, slugOf, type TestBed } from "./test-bed.ts";

let bed: TestBed;
let headers: { authorization: string };
beforeEach(async () => {
  bed = await createTestBed();
  headers = await bed.organiser();
});
afterEach(() => bed.close());

const ask = (method: "GET" | "POST" | "PUT" | "DELETE", url: string, payload?: object) =>
  bed.api.inject({ method, url: `/api/v1${url}`, headers, ...(payload && { payload }) });
const send = (...voters: object[]) => ask("POST", "/roll/chunks", { voters });
const chunkOf = async (...voters: object[]) => (await send(...voters)).json<{ chunk: string }>().chunk;

test("voters are sent in parts and adopted as the roll, and taken away again", async () => {
  const reply = await send({ voter: 1, tags: ["04A1B2C3"] }, { voter: 2, tags: ["04:a1:b2:c4", "04 A1 B2 C5"] });
  expect([reply.statusCode, reply.json()]).toEqual([201, { chunk: expect.stringMatching(/^[0-9a-f]{64}$/), tags: 3 }]);
  const { chunk } = reply.json<{ chunk: string }>();
  expect((await ask("GET", "/roll")).json()).toMatchObject({ chunks: [], tags: 0, voters: 0 });
  const other = await chunkOf({ voter: 3, tags: ["04a1b2c6"], weight: 7, group: 4 });
  const adopted = await ask("PUT", "/roll", { chunks: [chunk, other] });
  const { cursor } = await bed.ledger.standing();
  expect([adopted.statusCode, adopted.json()]).toEqual([200, { chunks: [chunk, other], tags: 4, voters: 3, cursor }]);
  expect(adopted.headers.etag).toBe(`"${cursor}"`);
  expect((await ask("GET", "/roll")).json()).toEqual(adopted.json());
  expect((await ask("DELETE", "/roll")).json()).toMatchObject({ chunks: [], tags: 0, voters: 0 });
});

test("what reaches the ledger are tag keys, and the same part twice is one entry", async () => {
  const voters = { voter: 5, tags: ["04A1B2C3"], weight: 3, group: 2 };
  const chunk = await chunkOf(voters);
  const before = (await bed.ledger.standing()).cursor;
  expect(await chunkOf(voters)).toBe(chunk);
  expect((await bed.ledger.standing()).cursor).toBe(before);
  const kept = await bed.ledger.rollChunk(chunk);
  const tagKey = new Uint8Array(
    createHmac("sha256", EVENT_KEY).update(Buffer.from("04a1b2c3", "hex")).digest().subarray(0, 16),
  );
  expect(kept && decodeRollChunk(kept.bytes)).toEqual([{ tagKey, voter: 5, weight: 3, group: 2 }]);
  expect(kept?.lfBits).toBe(32);
});

test("a UID that is none, or is a name by mistake, comes back in no reply", async () => {
  const bodies = [
    { voters: [{ voter: 1, tags: ["0badcafxyz"] }] },
    { voters: [{ voter: 1, tags: [{ "0badcafe": 1 }] }] },
    { voters: [{ voter: 1, tags: ["0badcafe"], "0badcafe": true }] },
    { voters: [{ voter: "0badcafe", tags: ["0badcafe"] }] },
    { "0badcafe": [], voters: [{ voter: 1, tags: ["0badcafe"] }] },
    { voters: ["0badcafe"] },
  ];
  for (const body of bodies) {
    const reply = await ask("POST", "/roll/chunks", body);
    expect([reply.statusCode, slugOf(reply)]).toEqual([422, "invalid-body"]);
    expect(reply.body.toLowerCase()).not.toContain("0badcaf");
  }
});

test("a tag or a voter listed twice is refused by voter and place, without the UID", async () => {
  const tag = await send({ voter: 1, tags: ["04a1b2c3"] }, { voter: 9, tags: ["04a1b2c4", "04:A1:B2:C3"] });
  expect([tag.statusCode, slugOf(tag)]).toEqual([422, "duplicate-tag"]);
  expect(tag.json()).toMatchObject({
    detail: expect.stringContaining("voters 1 and 9"),
    errors: [{ in: "body", pointer: "/voters/1/tags/1", detail: "is also at /voters/0/tags/0" }],
  });
  expect(tag.body.toLowerCase()).not.toMatch(/04:?a1/);
  const voter = await send({ voter: 1, tags: ["04a1b2c3"] }, { voter: 1, tags: ["04a1b2c4"] });
  expect([voter.statusCode, slugOf(voter)]).toEqual([422, "duplicate-voter"]);
});

test("a full part with the longest UIDs fits a body; one tag more is refused with the bound named", async () => {
  const tags = (row: number) => [`${row.toString(16).padStart(4, "0")}a1b2c3d4e5f607ff`.match(/../g)?.join(":")];
  const voters = Array.from({ length: MAX_CHUNK_TAGS }, (_, row) => {
    return { voter: 4_294_000_000 + row, tags: tags(row), weight: 1_000_000, group: 255 };
  });
  const payload = JSON.stringify({ voters }, null, 2);
  const json = { ...headers, "content-type": "application/json" };
  const full = await bed.api.inject({ method: "POST", url: "/api/v1/roll/chunks", headers: json, payload });
  expect([full.statusCode, full.json<{ tags: number }>().tags]).toEqual([201, MAX_CHUNK_TAGS]);
  const over = await send(...voters.slice(1), { voter: 1, tags: ["04a1b2c3", "04a1b2c4"] });
  expect(slugOf(over)).toBe("too-many-tags");
  expect(over.json<{ detail: string }>().detail).toContain(String(MAX_CHUNK_TAGS));
  const long = await send(...voters, ...voters, ...voters);
  expect([long.statusCode, slugOf(long)]).toEqual([413, "body-too-large"]);
});

test.each([
  ["no voter", []],
  ["a voter without a tag", [{ voter: 1, tags: [] }]],
  ["a weight of nothing", [{ voter: 1, tags: ["04a1b2c3"], weight: 0 }]],
  ["a group beyond the last", [{ voter: 1, tags: ["04a1b2c3"], group: 256 }]],
  ["a voter below zero", [{ voter: -1, tags: ["04a1b2c3"] }]],
])("a part with %s is refused", async (_, voters) => {
  expect(slugOf(await send(...voters))).toBe("invalid-body");
});

test("a roll of unknown, repeated, too many or no parts is not adopted", async () => {
  const chunk = await chunkOf({ voter: 1, tags: ["04a1b2c3"] });
  const unknown = await ask("PUT", "/roll", { chunks: [chunk, "a".repeat(64)] });
  expect([unknown.statusCode, slugOf(unknown)]).toEqual([409, "unknown-chunk"]);
  expect(slugOf(await ask("PUT", "/roll", { chunks: [chunk, chunk] }))).toBe("invalid-body");
  expect(slugOf(await ask("PUT", "/roll", { chunks: [] }))).toBe("invalid-body");
  const many = Array.from({ length: MAX_ROLL_CHUNKS + 1 }, (_, at) => at.toString(16).padStart(64, "0"));
  const tooMany = await ask("PUT", "/roll", { chunks: many });
  expect([tooMany.statusCode, slugOf(tooMany)]).toEqual([422, "too-many-chunks"]);
  expect((await ask("GET", "/roll")).json()).toMatchObject({ chunks: [] });
});

const setBits = (lfBits: 24 | 32) => ask("PUT", "/event", { title: "Harbour Festival", lfBits });
/** A 125 kHz card, whose tag key depends on the bits, and a badge at 13.56 MHz, whose does not. */
const CARD = { voter: 1, tags: ["0013530444"] };
const BADGE = { voter: 2, tags: ["04a1b2c3"] };

test.each([
  [32, 24],
  [24, 32],
] as const)(
  "parts that were sent under %i bits are not adopted under %i, until they are sent again",
  async (sent, now) => {
    await setBits(sent);
    const [old, other] = [await chunkOf(CARD), await chunkOf(BADGE)];
    await setBits(now);
    const fresh = await chunkOf({ ...CARD, voter: 3 });
    const refused = await ask("PUT", "/roll", { chunks: [fresh, old, other] });
    expect([refused.statusCode, slugOf(refused)]).toEqual([409, "other-lf-bits"]);
    expect(refused.json()).toMatchObject({
      detail: expect.stringContaining("POST /api/v1/roll/chunks"),
      errors: [
        { in: "body", pointer: "/chunks/1", detail: `was sent while lfBits was ${sent}` },
        { in: "body", pointer: "/chunks/2", detail: `was sent while lfBits was ${sent}` },
      ],
    });
    expect((await ask("GET", "/roll")).json()).toMatchObject({ chunks: [], tags: 0 });
    const again = [await chunkOf(CARD), await chunkOf(BADGE)];
    // The badge's key is the same under any bits, so its part has the name it had, and is good again.
    expect([again[0] === old, again[1] === other]).toEqual([false, true]);
    expect((await ask("PUT", "/roll", { chunks: again })).json()).toMatchObject({ chunks: again, tags: 2, voters: 2 });
  },
);

test("a part is good again when the bits are what they were when it was sent", async () => {
  const chunk = await chunkOf(CARD);
  await setBits(24);
  await setBits(32);
  expect((await ask("PUT", "/roll", { chunks: [chunk] })).statusCode).toBe(200);
});

test("bits stay while a roll is in force, and its parts do not come back under others once it is taken away", async () => {
  const chunk = await chunkOf(CARD);
  await ask("PUT", "/roll", { chunks: [chunk] });
  const held = await setBits(24);
  expect([held.statusCode, slugOf(held)]).toEqual([409, "roll-in-force"]);
  await ask("DELETE", "/roll");
  expect((await setBits(24)).statusCode).toBe(200);
  expect(slugOf(await ask("PUT", "/roll", { chunks: [chunk] }))).toBe("other-lf-bits");
});

test("If-Match holds a roll back that was decided on an older ledger", async () => {
  const chunk = await chunkOf({ voter: 1, tags: ["04a1b2c3"] });
  const { etag = "" } = (await ask("GET", "/roll")).headers;
  await bed.draft();
  const options = { method: "PUT", url: "/api/v1/roll", payload: { chunks: [chunk] } } as const;
  const stale = await bed.api.inject({ ...options, headers: { ...headers, "if-match": etag } });
  expect([stale.statusCode, slugOf(stale)]).toEqual([412, "moved-on"]);
});

test("after the event key was destroyed no tag is imported any more", async () => {
  await ask("DELETE", "/event/key", { confirm: EVENT });
  const reply = await send({ voter: 1, tags: ["04a1b2c3"] });
  expect([reply.statusCode, slugOf(reply)]).toEqual([409, "key-destroyed"]);
});

test("no UID reaches the journal, whatever goes wrong", async () => {
  const broken = await createTestBed({
    eventKey: () => {
      throw new Error("so that something is said of 04a1b2c3");
    },
  });
  const as = await broken.organiser();
  for (const tags of [["04a1b2c3"], ["04a1b2c3zz"]]) {
    const payload = { voters: [{ voter: 1, tags }] };
    await broken.api.inject({ method: "POST", url: "/api/v1/roll/chunks", headers: as, payload });
  }
  const { journal } = broken;
  await broken.close();
  expect(journal.heard()).toContain('"event":"api.failed","route":"POST /api/v1/roll/chunks"');
  expect(journal.heard().toLowerCase()).not.toContain("04a1b2c3");
});
