import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { encodeCbor } from "../../shared/cbor.ts";
import type { LfBits } from "../../shared/domain/event-settings.ts";
import { encodeRollChunk, type Entitled } from "../../shared/domain/roll.ts";
import { testTag } from "../../shared/domain/testing.ts";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { sha256 } from "../log/log-bed.testing.ts";
import { createRollTable, chunkRows } from "./roll-table.ts";
import { createRoll } from "./roll.ts";

const entitled = (tag: number, group = 0): Entitled => ({ tagKey: testTag(tag), voter: tag, weight: 1, group });

/** A roll whose chunks are on a server, and the disk it is kept on. */
function createBed(kept = new Map<string, Uint8Array>(), bits: LfBits = 32) {
  let lfBits = bits;
  const keep = (name: string, bytes: Uint8Array) => void kept.set(name, bytes);
  const roll = createRoll({ kept, keep, sha256, lfBits: () => lfBits });
  const server = new Map<string, Uint8Array>();
  const wanted: Uint8Array[] = [];
  const send = ([, hash]: FrameOf<"want">) => void wanted.push(hash);
  const put = (...tags: Entitled[]) => {
    const bytes = encodeRollChunk(tags);
    const hash = sha256(bytes);
    server.set(toHex(hash), bytes);
    return hash;
  };
  const tell = (...chunks: Uint8Array[]) => roll.onFrame([FRAME.roll, chunks], send);
  /** The server answers what was asked for, that many times. */
  const answer = (times = Infinity) => {
    let asked = 0;
    for (; asked < times && wanted.length > 0; asked++) {
      const bytes = server.get(toHex(wanted.shift() ?? new Uint8Array()));
      if (bytes !== undefined) roll.onFrame([FRAME.chunk, bytes], send);
    }
    return asked;
  };
  const says = (tag: number, groups: number[] = []) => roll.refusal(testTag(tag), groups);
  const setBits = (changed: LfBits) => void (lfBits = changed);
  return { roll, kept, wanted, put, tell, answer, says, send, setBits };
}

describe("the roll", () => {
  test("lets anyone vote until the server says that there is one, and again when it says there is none", () => {
    const { put, tell, answer, says } = createBed();
    expect([says(1), says(1, [3])]).toEqual([null, null]);
    tell(put(entitled(1)));
    answer();
    expect([says(1), says(2)]).toEqual([null, "unknown-tag"]);
    tell();
    expect([says(2), says(2, [3])]).toEqual([null, "not-entitled"]);
  });

  test("asks for one chunk at a time, and is in force only when all are here", () => {
    const { put, tell, answer, says, wanted } = createBed();
    tell(put(entitled(1)), put(entitled(2)), put(entitled(3)));
    for (let at = 0; at < 3; at++) {
      expect(wanted).toHaveLength(1);
      expect([says(1), says(9)]).toEqual([null, null]);
      answer(1);
    }
    expect(wanted).toHaveLength(0);
    expect([says(1), says(3), says(9)]).toEqual([null, null, "unknown-tag"]);
  });

  test("stays the one before until the new one is whole, and takes over what both have", () => {
    const { put, tell, answer, says } = createBed();
    const shared = put(entitled(1), entitled(2));
    tell(shared, put(entitled(3)));
    answer();
    tell(put(entitled(4)), shared, put(entitled(5)));
    answer(1);
    expect([says(1), says(3), says(4)]).toEqual([null, null, "unknown-tag"]);
    expect(answer()).toBe(1);
    expect([1, 2, 3, 4, 5].map((tag) => says(tag))).toEqual([null, null, "unknown-tag", null, null]);
  });

  test("knows of each tag its group; of a tag that is there twice the later chunk stands", () => {
    const { put, tell, answer, says } = createBed();
    tell(put(entitled(1, 4), entitled(2)), put(entitled(1, 5)));
    answer();
    expect([says(1, [4]), says(1, [5]), says(2, [4]), says(2), says(9, [5])]).toEqual([
      "not-entitled",
      null,
      "not-entitled",
      null,
      "unknown-tag",
    ]);
  });

  test("refuses nobody by tag keys of other bits than are compared, until the roll of these bits is whole", () => {
    const { put, tell, answer, says, setBits, kept } = createBed();
    tell(put(entitled(1)));
    answer();
    expect([says(1), says(9)]).toEqual([null, "unknown-tag"]);
    // As after a time without a network: the settings come first, and the link breaks before all of the roll is here.
    setBits(24);
    const next = [put(entitled(2)), put(entitled(3))];
    tell(...next);
    answer(1);
    expect([says(2), says(9)]).toEqual([null, null]);
    const after = createBed(kept, 24);
    expect([after.says(2), after.says(9)]).toEqual([null, null]);
    after.tell(...next);
    after.put(entitled(3));
    after.answer();
    expect([after.says(2), after.says(1)]).toEqual([null, "unknown-tag"]);
    expect(createBed(kept, 24).says(9)).toBe("unknown-tag");
    expect(createBed(kept, 32).says(9)).toBeNull();
  });

  test("of the same tags under other bits is in force as soon as the server says so again", () => {
    const { put, tell, answer, says, setBits, kept } = createBed();
    const chunk = put(entitled(1));
    tell(chunk);
    answer();
    setBits(24);
    expect(says(9)).toBeNull();
    tell(chunk);
    expect([says(1), says(9), createBed(kept, 24).says(9)]).toEqual([null, "unknown-tag", "unknown-tag"]);
  });

  test("that there is none holds under any bits", () => {
    const { tell, says, setBits } = createBed();
    tell();
    setBits(24);
    expect([says(1), says(1, [3])]).toEqual([null, "not-entitled"]);
  });

  test("kept by a version that noted no bits is of those that are compared", () => {
    const before = createBed();
    const hash = before.put(entitled(1));
    before.tell(hash);
    before.answer();
    before.kept.set("roll", encodeCbor([1, [hash]]));
    expect(createBed(before.kept, 24).says(9)).toBe("unknown-tag");
    // And of no others from then on, though they were changed before the next start.
    expect(createBed(before.kept, 32).says(9)).toBeNull();
  });

  test("does not take a chunk that nobody asked for, nor one that is none under the right hash", () => {
    const { roll, tell, put, says, wanted, send, kept } = createBed();
    const stray = encodeRollChunk([entitled(9)]);
    const broken = Uint8Array.of(1, 2, 3);
    roll.onFrame([FRAME.chunk, stray], send);
    tell(put(entitled(1)), sha256(broken));
    roll.onFrame([FRAME.chunk, stray], send);
    roll.onFrame([FRAME.chunk, broken], send);
    expect([says(9), wanted.length, kept.size]).toEqual([null, 1, 0]);
  });

  test("is there again after a restart, and what was gathered of the next is not asked for again", () => {
    const before = createBed();
    before.tell(before.put(entitled(1, 4)));
    before.answer();
    const next = [before.put(entitled(2)), before.put(entitled(3))];
    before.tell(...next);
    before.answer(1);
    const after = createBed(before.kept);
    expect([after.says(1, [4]), after.says(2)]).toEqual([null, "unknown-tag"]);
    after.tell(...next);
    expect(after.wanted).toEqual([next[1]]);
    after.put(entitled(3));
    after.answer();
    expect([after.says(1), after.says(2), after.says(3)]).toEqual(["unknown-tag", null, null]);
  });

  test("leaves nothing on the disk of chunks that no roll has any more", () => {
    const { put, tell, answer, kept } = createBed();
    tell(put(entitled(1)), put(entitled(2)));
    answer();
    tell(put(entitled(3)), put(entitled(4)));
    answer(1);
    tell(put(entitled(5)));
    answer();
    const full = [...kept].filter(([name, bytes]) => name !== "roll" && bytes.length > 0);
    expect(full).toHaveLength(1);
    tell();
    expect([...kept].filter(([name, bytes]) => name !== "roll" && bytes.length > 0)).toEqual([]);
  });

  test("of which a chunk is damaged on the disk is not used until it is whole again", () => {
    const before = createBed();
    const chunks = [before.put(entitled(1)), before.put(entitled(2))];
    before.tell(...chunks);
    before.answer();
    before.kept.set("roll/1", Uint8Array.of(1));
    const after = createBed(before.kept);
    expect(after.says(9)).toBeNull();
    after.tell(...chunks);
    expect(after.wanted).toEqual([chunks[1]]);
  });
});

describe("the table of a roll", () => {
  test("finds what a map finds, however the tags lie in the chunks", () => {
    // Few different first bytes, so that keys share them and only the rest tells.
    const tag = fc.record({ first: fc.nat({ max: 2 }), last: fc.nat({ max: 30 }), group: fc.nat({ max: 255 }) });
    const keyOf = (first: number, last: number) => {
      const key = new Uint8Array(16).fill(first, 0, 4);
      key[15] = last;
      return key;
    };
    const chunk = fc.uniqueArray(tag, { maxLength: 20, selector: ({ first, last }) => `${first}/${last}` });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 6 }), (chunks) => {
        const map = new Map<string, number>();
        const rows = chunks.map((tags) => {
          const sorted = tags.toSorted((a, b) => a.first - b.first || a.last - b.last);
          for (const { first, last, group } of sorted) map.set(toHex(keyOf(first, last)), group);
          return chunkRows(
            sorted.map(({ first, last, group }) => ({ tagKey: keyOf(first, last), voter: 1, weight: 1, group })),
          );
        });
        const table = createRollTable(rows);
        for (let first = 0; first <= 3; first++)
          for (let last = 0; last <= 31; last++)
            expect(table.groupOf(keyOf(first, last))).toBe(map.get(toHex(keyOf(first, last))));
        expect(table.split()).toEqual(rows);
      }),
    );
  });

  test("of 200,000 tags takes no more than 5 MB and is ready before anybody notices", () => {
    const chunks = Array.from({ length: 200 }, (_, chunk) =>
      chunkRows(Array.from({ length: 1_000 }, (_each, at) => entitled(chunk * 1_000 + at, chunk))),
    );
    const table = createRollTable(chunks);
    expect(table.size).toBe(200_000);
    expect(table.bytes).toBeLessThanOrEqual(5_000_000);
    for (const tag of [0, 77_777, 199_999]) expect(table.groupOf(testTag(tag))).toBe(Math.floor(tag / 1_000));
    expect(table.groupOf(testTag(200_000))).toBeUndefined();
  });
});
