import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { tagKeyOf } from "./tag-key.ts";

test("a tag key is the first half of HMAC-SHA-256, as RFC 4231 works it out", () => {
  // Test cases 1, 2 and 6: a short key, one of letters, and one longer than a block.
  const cases: [Uint8Array, string, string][] = [
    [new Uint8Array(20).fill(0x0b), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b"],
    [Buffer.from("Jefe"), "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c7"],
    [
      new Uint8Array(131).fill(0xaa),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f",
    ],
  ];
  for (const [key, text, tagKey] of cases) expect(toHex(tagKeyOf(key, Buffer.from(text)))).toBe(tagKey);
});

test("whatever the key and the UID, it is what Node's own HMAC gives, also asked twice", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (key, uid) => {
      const theirs = createHmac("sha256", key).update(uid).digest("hex").slice(0, 32);
      expect([toHex(tagKeyOf(key, uid)), toHex(tagKeyOf(key, uid))]).toEqual([theirs, theirs]);
    }),
  );
});
