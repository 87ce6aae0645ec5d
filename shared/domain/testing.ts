/**
 * Material for tests, and only for tests: stations' logs with true running hashes, polls and ids. Signatures are empty
 * unless a way to sign is given. Nothing of the product imports this file.
 */
import { bytesOfHex, toHex } from "../bytes.ts";
import {
  SIGNATURE_BYTES,
  TAG_KEY_BYTES,
  batchToSign,
  encodeHeader,
  encodeRecord,
  firstHash,
  headerToSign,
  nextHash,
} from "./record.ts";
import type { LogPlace, LogRecord, Sha256 } from "./record.ts";
import { encodeBatch } from "./batch.ts";
import { pollFacts, type Change, type PollFacts } from "./entry.ts";
import { POLL_HASH_BYTES, encodeDefinition, type PollDefinition, type PollRules } from "./poll.ts";

/** An id of 32 hexadecimal digits out of a small number. */
export const testId = (number: number): string => number.toString(16).padStart(32, "0");

/** A tag key out of a small number. */
export function testTag(number: number): Uint8Array {
  const tag = new Uint8Array(TAG_KEY_BYTES);
  new DataView(tag.buffer).setUint32(0, Math.imul(number, 0x9e37_79b1) >>> 0);
  new DataView(tag.buffer).setUint32(TAG_KEY_BYTES - 4, number);
  return tag;
}

export interface TestPoll {
  definition: PollDefinition;
  /** As ballots name it. */
  short: Uint8Array;
  hash: string;
  facts: PollFacts;
  defined: Change;
  opened: Change;
  paused: Change;
  closed: Change;
}

export interface TestPollOptions extends Partial<PollRules> {
  /** How many. */
  options?: number;
}

/** A poll of three options that takes one vote each, the first, with results for all to see; or as told. */
export function testPoll(sha256: Sha256, number: number, { options = 3, ...rules }: TestPollOptions = {}): TestPoll {
  const id = testId(number);
  const definition: PollDefinition = {
    id,
    question: `Question ${number}?`,
    options: Array.from({ length: options }, (_, at) => `Option ${at + 1}`),
    counts: "first",
    upTo: 1,
    results: "live",
    groups: [],
    randomUids: "refuse",
    certify: "by-itself",
    tagless: false,
    round: 1,
    first: null,
    ...rules,
  };
  const digest = sha256(encodeDefinition(definition));
  const hash = toHex(digest);
  const facts = pollFacts(definition, hash);
  return {
    definition,
    short: digest.slice(0, POLL_HASH_BYTES),
    hash,
    facts,
    defined: { kind: "poll-defined", ...facts },
    opened: { kind: "poll-opened", poll: id },
    paused: { kind: "poll-paused", poll: id },
    closed: { kind: "poll-closed", poll: id },
  };
}

export interface TestLogOptions {
  log?: string;
  station?: string;
  event?: string;
  openedAtMs?: number;
  parent?: LogPlace | null;
  sign?: (bytes: Uint8Array) => Uint8Array;
}

export interface TestLog {
  id: string;
  /** Where it goes on from. */
  parent: { log: string; number: number } | null;
  header: Uint8Array;
  /** The entry that makes the log known. */
  opened: Change;
  records: LogRecord[];
  /** Adds records at the end. */
  add(...records: LogRecord[]): void;
  /** Records `first` to `first + count - 1` as one batch: to the end, if no count is given. */
  batch(first?: number, count?: number): Extract<Change, { kind: "batch" }>;
  /** The running hash after a record; after the header for 0. */
  hashAt(number: number): Uint8Array;
  /** The same log on another disk, or its records up to a number: what is added to one is not in the other. */
  copy(upTo?: number): TestLog;
}

export function createTestLog(sha256: Sha256, options: TestLogOptions = {}): TestLog {
  const { log = testId(0xa), station = testId(0xb), event = testId(0xc), openedAtMs = 0, parent = null } = options;
  const { sign = () => new Uint8Array(SIGNATURE_BYTES) } = options;
  const logBytes = bytesOfHex(log);
  const header = encodeHeader({
    log: logBytes,
    station: bytesOfHex(station),
    event: bytesOfHex(event),
    openedAtMs,
    parent,
  });
  const records: LogRecord[] = [];
  const hashes = [firstHash(sha256, header)];
  const hashAt = (number: number) => {
    const hash = hashes[number];
    if (hash === undefined) throw new Error(`the log has no record ${number}`);
    return hash;
  };
  return {
    id: log,
    parent: parent && { log: toHex(parent.log), number: parent.number },
    header,
    opened: { kind: "log-opened", header, signature: sign(headerToSign(header)) },
    records,
    add(...added) {
      for (const record of added) {
        records.push(record);
        hashes.push(nextHash(sha256, hashAt(hashes.length - 1), encodeRecord(record)));
      }
    },
    batch(first = 1, count = records.length - first + 1) {
      const span = { log: logBytes, first, count, hashBefore: hashAt(first - 1), hashAfter: hashAt(first + count - 1) };
      const cut = records.slice(first - 1, first - 1 + count);
      const batch = encodeBatch({ ...span, records: cut, signature: sign(batchToSign(span)) });
      return { kind: "batch", batch, hashAfter: span.hashAfter };
    },
    hashAt,
    copy(upTo = records.length) {
      const twin = createTestLog(sha256, options);
      twin.add(...records.slice(0, upTo));
      return twin;
    },
  };
}
