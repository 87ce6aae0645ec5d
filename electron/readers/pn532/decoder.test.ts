import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "../../../shared/bytes.ts";
import { createPn532Decoder } from "./decoder.ts";
import { COMMAND, pn532Reply } from "./frames.ts";

const uids = fc.uint8Array({ minLength: 4, maxLength: 4 });
/** Where the UID stands in a reply: behind the frame's head, count, number, SENS_RES, SEL_RES and length. */
const UID_AT = 13;

test("a byte of the number that is lost on the way makes no other number, whatever it was", () => {
  const zeros = fc
    .constantFrom([0, 1, 2, 3], [9, 0, 0, 7], [4, 5, 6, 0], [0, 0, 0, 0])
    .map((of) => Uint8Array.from(of));
  fc.assert(
    fc.property(fc.oneof(uids, zeros), fc.nat({ max: 3 }), (uid, lost) => {
      const reply = pn532Reply(COMMAND.listTargets, 1, 1, 0, 4, 8, 4, ...uid);
      expect(toHex(reply.slice(UID_AT, UID_AT + 4))).toBe(toHex(uid));
      const decoder = createPn532Decoder();
      const cut = Uint8Array.from([...reply.slice(0, UID_AT + lost), ...reply.slice(UID_AT + lost + 1)]);
      const frames = [...decoder.push(cut), ...(decoder.flush?.() ?? [])];
      expect(frames.filter(({ kind }) => kind === "uid")).toEqual([]);
    }),
  );
});
