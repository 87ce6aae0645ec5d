import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as v from "valibot";
import { Uid, VotersBody } from "../../shared/api/roll.ts";
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import type { LfBits } from "../../shared/domain/event-settings.ts";
import { MAX_CHUNK_TAGS, decodeRollChunk } from "../../shared/domain/roll.ts";
import { tagKeysUnder } from "./tag-key.ts";
import { chunkOfVoters } from "./voters-to-chunk.ts";

const EVENT_KEY = new Uint8Array(32).fill(7);
const listed = (...voters: object[]) => v.parse(VotersBody, { voters }).voters;
const chunkOf = (...voters: object[]) => chunkUnder(32, ...voters);
const chunkUnder = (lfBits: LfBits, ...voters: object[]) => {
  const made = chunkOfVoters(EVENT_KEY, listed(...voters), lfBits);
  return made.ok ? decodeRollChunk(made.chunk) : made;
};

test("a tag key is HMAC-SHA-256 of the UID's bytes under the event key, cut to 16 bytes", () => {
  // RFC 4231 §4.3, test case 2: key "Jefe".
  const key = new Uint8Array(Buffer.from("Jefe"));
  const uid = new Uint8Array(Buffer.from("what do ya want for nothing?"));
  expect(toHex(tagKeysUnder(key)(uid))).toBe("5bdcc146bf60754e6a042426089575c7");
});

test("however a UID is typed, it is the tag that a reader reads", () => {
  const separators = fc.constantFrom("", " ", ":", "-");
  const someUid = fc
    .constantFrom(4, 7, 8, 10)
    .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
  fc.assert(
    fc.property(someUid, separators, fc.boolean(), (uid, between, upper) => {
      const typed = Array.from(uid, (byte) => byte.toString(16).padStart(2, "0")).join(between);
      const [tag] = chunkOf({ voter: 1, tags: [` ${upper ? typed.toUpperCase() : typed} `] }) as {
        tagKey: Uint8Array;
      }[];
      const hash = createHmac("sha256", EVENT_KEY).update(uid).digest();
      expect(toHex(tag?.tagKey ?? uid)).toBe(hash.subarray(0, 16).toString("hex"));
    }),
  );
});

test.each<[string, LfBits, string[], string]>([
  [
    "hexadecimal, decimal, and without the byte before the 32 bits",
    32,
    ["3C00CE754C", "0013530444", "00ce754c"],
    "00ce754c",
  ],
  [
    "hexadecimal, decimal and 3+5, where 24 bits are compared",
    24,
    ["3C:00:CE:75:4C", "0013530444", "206,30028"],
    "ce754c",
  ],
])("a 125 kHz card is one tag in %s", (_, lfBits, spellings, uid) => {
  const tagKey = toHex(tagKeysUnder(EVENT_KEY)(bytesOfHex(uid)));
  for (const typed of spellings) {
    const [tag] = chunkUnder(lfBits, { voter: 1, tags: [typed] }) as { tagKey: Uint8Array }[];
    expect(toHex(tag?.tagKey ?? new Uint8Array())).toBe(tagKey);
  }
});

test("ten digits alone are decimal, and with separators they are five bytes", () => {
  const [decimal] = chunkOf({ voter: 1, tags: ["0013530444"] }) as { tagKey: Uint8Array }[];
  const [bytes] = chunkOf({ voter: 1, tags: ["00:13:53:04:44"] }) as { tagKey: Uint8Array }[];
  expect(toHex(decimal?.tagKey ?? new Uint8Array())).toBe(toHex(tagKeysUnder(EVENT_KEY)(bytesOfHex("00ce754c"))));
  expect(toHex(bytes?.tagKey ?? new Uint8Array())).toBe(toHex(tagKeysUnder(EVENT_KEY)(bytesOfHex("13530444"))));
});

test("whatever passes the check is a tag's number, under either setting", () => {
  const typed = fc.oneof(fc.stringMatching(/^[0-9a-fA-F :,-]{6,31}$/), fc.stringMatching(/^[0-9]{3},[0-9]{5}$/));
  fc.assert(
    fc.property(typed, fc.constantFrom<LfBits>(24, 32), (text, lfBits) => {
      if (!v.safeParse(Uid, text).success) return;
      expect(chunkUnder(lfBits, { voter: 1, tags: [text] })).toHaveLength(1);
    }),
  );
});

test.each([
  "",
  "256,00001",
  "213,2000",
  "04a1b2",
  "04a1b2c",
  "04a1b2c3d4e5f60718293",
  "04a1b2c3d4e5f6071829aa",
  "xyzw1234",
  "04::a1:b2:c3",
  "4:a1:b2:c3",
])("%j is no UID", (typed) => {
  expect(v.safeParse(Uid, typed).success).toBe(false);
});

test("a voter counts once and is in no group unless the list says otherwise", () => {
  expect(chunkOf({ voter: 9, tags: ["04a1b2c3"] })).toMatchObject([{ voter: 9, weight: 1, group: 0 }]);
  const own = chunkOf({ voter: 9, tags: ["04a1b2c3", "04a1b2c4"], weight: 30, group: 4 });
  expect(own).toMatchObject([
    { voter: 9, weight: 30, group: 4 },
    { voter: 9, weight: 30, group: 4 },
  ]);
});

test("the same list gives the same part, in whatever order it is written", () => {
  const [a, b] = [
    { voter: 1, tags: ["04a1b2c3"] },
    { voter: 2, tags: ["04 A1 B2 C4", "04:a1:b2:c5"] },
  ];
  expect(chunkOfVoters(EVENT_KEY, listed(a, b), 32)).toEqual(chunkOfVoters(EVENT_KEY, listed(b, a), 32));
});

test("a tag or a voter that is there twice is told by voter and place, however it is spelt", () => {
  expect(chunkOf({ voter: 1, tags: ["04a1b2c3"] }, { voter: 2, tags: ["04a1b2c9", "04:A1:B2:C3"] })).toEqual({
    ok: false,
    why: "duplicate-tag",
    first: { row: 0, tag: 0 },
    again: { row: 1, tag: 1 },
    voters: [1, 2],
  });
  expect(chunkOf({ voter: 1, tags: ["04a1b2c3"] }, { voter: 1, tags: ["04a1b2c4"] })).toMatchObject({
    why: "duplicate-voter",
    again: { row: 1, tag: null },
  });
});

test("a part holds no more tags than fit a frame of the link", () => {
  const tags = (row: number) => [0, 1].map((at) => (row * 2 + at).toString(16).padStart(8, "0"));
  const voters = Array.from({ length: MAX_CHUNK_TAGS / 2 }, (_, row) => ({ voter: row, tags: tags(row) }));
  expect(chunkOf(...voters)).toHaveLength(MAX_CHUNK_TAGS);
  expect(chunkOf(...voters, { voter: 9999, tags: ["ffffffff"] })).toMatchObject({ why: "too-many-tags", tags: 1001 });
});
