/**
 * Bytes of link frames, without WebSocket's own 2 to 8. The numbers in them are of the size they have late in a large
 * event: 8 hours after the log's opening, record 4,000, ledger position 1,000,000, 65,535 votes for each option.
 */
import { randomBytes } from "node:crypto";
import { encodeBatch } from "../shared/domain/batch.ts";
import { MAX_OPTIONS, POLL_HASH_BYTES } from "../shared/domain/poll.ts";
import { HASH_BYTES, SIGNATURE_BYTES, TAG_KEY_BYTES, type Ballot } from "../shared/domain/record.ts";
import { FRAME, encodeFrame } from "../shared/link/frames.ts";
import { ID_BYTES } from "../shared/schemas.ts";
import type { Measured, RowName } from "./rows.ts";

/** PERFORMANCE.md, "Wire": the floor here is the bound itself. */
const BOUNDS = {
  "wire.ballotInBatch100": 32,
  "wire.ballotAlone": 200,
  "wire.tally50": 180,
  "wire.tallyDelta": 30,
} as const satisfies Partial<Record<RowName, number>>;

const EIGHT_HOURS_MS = 28_800_000;
const FIRST = 4_000;
const POSITION = 1_000_000;
const VOTES = 65_535;
/** They differ in random bytes only, so they should not differ in length: three show that. */
const ROUNDS = 3;

const bytes = (length: number) => new Uint8Array(randomBytes(length));

export function measureWire(): Measured[] {
  const poll = bytes(POLL_HASH_BYTES);
  const counts = Array.from({ length: MAX_OPTIONS }, () => VOTES);
  const measured = (name: keyof typeof BOUNDS, measure: () => number): Measured => ({
    name,
    values: Array.from({ length: ROUNDS }, measure),
    floors: [BOUNDS[name]],
  });
  return [
    measured("wire.ballotInBatch100", () => batchFrame(100, poll).length / 100),
    measured("wire.ballotAlone", () => batchFrame(1, poll).length),
    measured("wire.tally50", () => encodeFrame([FRAME.tally, poll, POSITION, counts]).length),
    measured(
      "wire.tallyDelta",
      () => encodeFrame([FRAME.delta, poll, POSITION, POSITION - 1, MAX_OPTIONS, VOTES]).length,
    ),
  ];
}

function batchFrame(count: number, poll: Uint8Array): Uint8Array {
  const records = Array.from({ length: count }, (_, at): Ballot => ({
    kind: "ballot",
    poll,
    option: (at % MAX_OPTIONS) + 1,
    tagKey: bytes(TAG_KEY_BYTES),
    ms: EIGHT_HOURS_MS + at * 20,
    reader: at % MAX_OPTIONS,
  }));
  const batch = encodeBatch({
    log: bytes(ID_BYTES),
    first: FIRST,
    hashBefore: bytes(HASH_BYTES),
    records,
    signature: bytes(SIGNATURE_BYTES),
  });
  return encodeFrame([FRAME.batch, batch]);
}
