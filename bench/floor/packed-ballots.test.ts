import { expect, test } from "vitest";
import { encodeBatch } from "../../shared/domain/batch.ts";
import { POLL_HASH_BYTES } from "../../shared/domain/poll.ts";
import { HASH_BYTES, SIGNATURE_BYTES, TAG_KEY_BYTES, type LogRecord } from "../../shared/domain/record.ts";
import { ID_BYTES } from "../../shared/schemas.ts";
import { cutBatch, type PackedBallot } from "./packed-ballots.ts";

const filled = (length: number, value: number) => new Uint8Array(length).fill(value);
const polls = [filled(POLL_HASH_BYTES, 7), filled(POLL_HASH_BYTES, 8)];
const log = filled(ID_BYTES, 1);

test("the floor sees the ballots that the product wrote, and passes over the other records", () => {
  const records = Array.from({ length: 40 }, (_, at): LogRecord => {
    const ms = 10 ** (at % 8);
    if (at % 10 === 9) return { kind: "clock", ms, serverMs: 1_800_000_000_000, uncertaintyMs: 300 };
    const poll = polls[at % 2] ?? new Uint8Array();
    return { kind: "ballot", poll, option: at + 1, tagKey: filled(TAG_KEY_BYTES, at), ms, reader: at };
  });
  const batch = encodeBatch({
    log,
    first: 4_000,
    hashBefore: filled(HASH_BYTES, 2),
    records,
    signature: filled(SIGNATURE_BYTES, 3),
  });
  const seen: PackedBallot[] = [];
  cutBatch(Buffer.concat([filled(HASH_BYTES, 9), batch]), HASH_BYTES, (ballot) => seen.push(ballot));

  const plain = ({ poll, tag, ...rest }: PackedBallot) => ({
    ...rest,
    log: [...rest.log],
    poll: [...poll],
    tag: [...tag],
  });
  expect(seen.map(plain)).toEqual(
    records.flatMap((record, at) =>
      record.kind === "ballot"
        ? [
            {
              poll: [...record.poll],
              tag: [...record.tagKey],
              ms: record.ms,
              log: [...log],
              number: 4_000 + at,
              option: record.option,
            },
          ]
        : [],
    ),
  );
});
