import { expect, test } from "vitest";
import { bytesOfHex } from "../../shared/bytes.ts";
import type { UidFlag } from "../../shared/domain/mapping.ts";
import type { TagTechnology } from "./seen-tag.ts";
import { uidFlags } from "./uid-flags.ts";

test.each<[string, TagTechnology, UidFlag[]]>([
  ["08a1b2c3", "hf", ["random"]],
  ["08a1b2c3", "unknown", ["random"]],
  ["08a1b2c3", "lf", []],
  ["08a1b2c3d4e5f6", "hf", []],
  ["08a1b2", "lf", []],
  // Last byte first: only the reader's setting puts the mark where it counts.
  ["c3b2a108", "hf", []],
  ["80a1b2c3", "hf", ["random"]],
  ["80a1b2c3", "unknown", []],
  ["01020304", "hf", ["shared"]],
  ["04030201", "unknown", ["shared"]],
  ["08090a0b", "hf", ["random", "shared"]],
  ["00000000", "unknown", ["shared"]],
  ["ffffff", "lf", ["shared"]],
  ["ffffffffffffff", "hf", ["shared"]],
  ["deadbeef", "hf", ["shared"]],
  ["8804a1b2", "hf", ["shared"]],
  ["8804a1b2", "unknown", []],
  ["04a1b2c3d4e5f6", "hf", []],
  ["d45a8d55", "hf", []],
  ["00d507d0", "lf", []],
  ["01030507", "hf", []],
])("%s read at %s is flagged %j", (uid, technology, flags) => {
  expect(uidFlags(bytesOfHex(uid), technology)).toEqual(flags);
});
