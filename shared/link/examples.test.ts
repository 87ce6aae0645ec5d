/** docs/link-protocol.md is what others write clients from: every example and number on it is held against the code. */
import { createHash, createHmac, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { ascii, concatBytes, fromHex, toHex } from "../bytes.ts";
import { decodeCbor, encodeCbor, type Cbor } from "../cbor.ts";
import * as batchLimits from "../domain/batch.ts";
import { decodeBatch, encodeBatch, hashRecords } from "../domain/batch.ts";
import * as courseLimits from "../domain/course.ts";
import { packCourse, readCourse } from "../domain/course.ts";
import { pollFacts, type Change, type PollCourse } from "../domain/entry.ts";
import { foldEntry } from "../domain/fold.ts";
import { createMemoryProjection } from "../domain/memory-projection.ts";
import * as mappingLimits from "../domain/mapping.ts";
import * as pollLimits from "../domain/poll.ts";
import { POLL_HASH_BYTES, decodeDefinition, encodeDefinition } from "../domain/poll.ts";
import * as recordLimits from "../domain/record.ts";
import {
  RECORD,
  batchToSign,
  decodeHeader,
  decodeRecord,
  encodeHeader,
  encodeRecord,
  firstHash,
  headerToSign,
  nextHash,
} from "../domain/record.ts";
import * as rollLimits from "../domain/roll.ts";
import { decodeRollChunk, encodeRollChunk } from "../domain/roll.ts";
import { VERDICT_CODES } from "../domain/verdict.ts";
import { MAX_WALL_MS } from "../schemas.ts";
import { readCddl } from "./cddl.testing.ts";
import { CLOSE } from "./close-codes.ts";
import {
  FRAME,
  MAPPED_CODES,
  STANDING_CODES,
  VERDICT_TOLD_BEFORE,
  decodeFrame,
  encodeFrame,
  type FrameName,
  type FrameOf,
} from "./frames.ts";
import { challengeToSign, enrolmentCode, keepsPromise, proofToSign, stationId } from "./handshake.ts";
import * as linkLimits from "./limits.ts";
import { pollWordToSign } from "./poll-word.ts";

const PAGE = readFileSync(new URL("../../docs/link-protocol.md", import.meta.url), "utf8");

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** Fenced blocks by `kind name`, as after the opening fence. */
const BLOCKS = new Map(
  [...PAGE.matchAll(/^```(\w+(?: [\w-]+)?)\n([^]*?)^```$/gm)].map(([, title = "", body = ""]) => [title, body]),
);
const named = (kind: string) =>
  [...BLOCKS.keys()].flatMap((title) => (title.startsWith(`${kind} `) ? [title.slice(kind.length + 1)] : []));

function block(title: string): string {
  const body = BLOCKS.get(title);
  if (body === undefined) throw new Error(`the page has no block ${title}`);
  return body;
}

function bytesOf(text: string): Uint8Array {
  const bytes = fromHex(text.replaceAll(/\s/g, ""));
  if (bytes === undefined) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
}

const hex = (name: string) => bytesOf(block(`hex ${name}`));

/** A `name: hex` line of any `values` block. */
function value(name: string): Uint8Array {
  const lines = named("values").flatMap((title) => block(`values ${title}`).split("\n"));
  const line = lines.find((candidate) => candidate.startsWith(`${name}:`));
  if (line === undefined) throw new Error(`the page has no value ${name}`);
  return bytesOf(line.slice(name.length + 1));
}

/** Diagnostic notation, as far as the page uses it. */
function diag(name: string): Cbor {
  const json = block(`diag ${name}`)
    .replaceAll(/ \/ [^/\n]* \//g, "")
    .replaceAll(/h'([^']*)'/g, (_, digits: string) => `{"bytes":"${digits.replaceAll(/\s/g, "")}"}`)
    .replaceAll("<<", '{"embedded":')
    .replaceAll(">>", "}");
  return cborOf(JSON.parse(json));
}

function cborOf(said: unknown): Cbor {
  if (Array.isArray(said)) return said.map(cborOf);
  if (said === null || typeof said === "number" || typeof said === "string" || typeof said === "boolean") return said;
  if (typeof said === "object" && "bytes" in said && typeof said.bytes === "string") return bytesOf(said.bytes);
  if (typeof said === "object" && "embedded" in said) return encodeCbor(cborOf(said.embedded));
  throw new Error(`not in this notation: ${JSON.stringify(said)}`);
}

/** An example read as the frame it is named after. */
function frame<Name extends FrameName>(name: Name, example: string = name): FrameOf<Name> {
  const read = decodeFrame(hex(example));
  if (!read.ok || read.frame[0] !== FRAME[name]) throw new Error(`${example} is no ${name}`);
  return read.frame;
}

/** PKCS#8 around a private key of RFC 8032 (RFC 8410 §7). */
const PKCS8_ED25519 = bytesOf("302e020100300506032b657004220420");

function keyOf(seed: Uint8Array) {
  const der = Buffer.from(concatBytes(PKCS8_ED25519, seed));
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey);
  return {
    raw: new Uint8Array(Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url")),
    sign: (bytes: Uint8Array) => new Uint8Array(sign(null, bytes, privateKey)),
    fits: (bytes: Uint8Array, signature: Uint8Array) => verify(null, bytes, publicKey, signature),
  };
}

const station = keyOf(value("stationSeed"));
const server = keyOf(value("serverSeed"));
const encounter = {
  version: 1,
  event: value("event"),
  stationKey: station.raw,
  serverKey: server.raw,
  commitment: value("commitment"),
  serverNonce: value("serverNonce"),
  certificate: value("certificate"),
};

describe("the page's bytes", () => {
  const both = named("hex").filter((name) => named("diag").includes(name));

  test.each(both)("of %s are the deterministic encoding of its notation", (name) => {
    expect(toHex(encodeCbor(diag(name)))).toBe(toHex(hex(name)));
    expect(decodeCbor(hex(name))).toEqual(diag(name));
  });

  test("have a notation wherever they are not what is signed", () => {
    expect(named("diag")).toEqual(both);
    expect(named("hex").filter((name) => !both.includes(name) && !name.endsWith("-to-sign"))).toEqual([]);
  });

  test.each(Object.keys(FRAME) as FrameName[])("show a %s, which is read and written as it stands", (name) => {
    expect(toHex(encodeFrame(frame(name)))).toBe(toHex(hex(name)));
  });

  test("that it says are refused are refused", () => {
    const refused = block("refused cbor").trim().split("\n");
    expect(refused.length).toBeGreaterThan(15);
    for (const line of refused) expect([line, decodeCbor(bytesOf(line.replace(/#.*/, "")))]).toEqual([line, undefined]);
  });
});

describe("the page's handshake", () => {
  const nonce = value("stationNonce");

  test("has the keys, the id and the commitment that follow from seeds and nonce", () => {
    expect(toHex(value("stationKey"))).toBe(toHex(station.raw));
    expect(toHex(value("serverKey"))).toBe(toHex(server.raw));
    expect(toHex(value("station"))).toBe(toHex(stationId(sha256, station.raw)));
    expect(keepsPromise(sha256, encounter, nonce)).toBe(true);
    expect(frame("hello").slice(0, 4)).toEqual([FRAME.hello, [1], station.raw, encounter.commitment]);
  });

  test("has a challenge that the server's key signed", () => {
    const [, version, event, key, serverNonce, signature] = frame("challenge");
    expect({ ...encounter, version, event, serverKey: key, serverNonce }).toEqual(encounter);
    expect(toHex(challengeToSign(encounter))).toBe(toHex(hex("challenge-to-sign")));
    expect(toHex(hex("challenge-to-sign"))).toBe(
      toHex(concatBytes(ascii("polling-station/1 challenge\n"), hex("encounter"))),
    );
    expect(toHex(signature)).toBe(toHex(server.sign(hex("challenge-to-sign"))));
    expect(server.fits(hex("challenge-to-sign"), signature)).toBe(true);
  });

  test("has a proof that the station's key signed", () => {
    const [, shown, signature, epoch, has] = frame("proof");
    expect(shown).toEqual(nonce);
    expect([epoch, has]).toEqual([value("epoch"), [[value("poll"), 1, 1, 2]]]);
    expect(frame("proof", "proof-first")).toEqual([FRAME.proof, shown, signature, null, []]);
    expect(toHex(proofToSign(encounter, nonce))).toBe(toHex(hex("proof-to-sign")));
    expect(toHex(signature)).toBe(toHex(station.sign(hex("proof-to-sign"))));
    expect(station.fits(hex("proof-to-sign"), signature)).toBe(true);
  });

  test("has the code and the digest it comes from", () => {
    expect(block("text code").trim()).toBe(enrolmentCode(sha256, encounter, nonce));
    const digest = sha256(concatBytes(ascii("polling-station/1 code\n"), hex("encounter"), nonce));
    expect(toHex(value("digest"))).toBe(toHex(digest));
    const first = Array.from(digest.slice(0, 8));
    const row = (head: string) => PAGE.match(new RegExp(`^\\| ${head} \\|(.*)\\|$`, "m"))?.[1]?.split("|") ?? [];
    expect(row("byte").map((cell) => Number.parseInt(cell, 16))).toEqual(first);
    expect(row("decimal").map(Number)).toEqual(first);
    expect(row("mod 21").map(Number)).toEqual(first.map((byte) => byte % 21));
    expect(
      row("letter")
        .map((cell) => cell.trim())
        .join(""),
    ).toBe(block("text code").trim().replace("-", ""));
  });

  test("ends with no key, then with the event's, and at last with none again", () => {
    const welcomes = ["welcome-waiting", "welcome", "welcome-forgotten"].map((name) => frame("welcome", name));
    expect(welcomes.map(([, admitted, key]) => [admitted, key])).toEqual([
      [false, null],
      [true, value("eventKey")],
      [true, null],
    ]);
    for (const welcome of welcomes) expect(welcome[4]).toEqual(value("epoch"));
  });
});

const sections = new Map(
  [...PAGE.matchAll(/^## (\d+)\. [^]*?(?=^## |$(?![^]))/gm)].map(([text, number]) => [Number(number), text]),
);
const section = (number: number) => sections.get(number) ?? "";
const rowsOf = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, a = "", b = ""]): [string, string] => [a, b]);

/** A log of the page: its header, the frame that opens it, its records and their running hashes. */
const LOGS = [
  { name: "the log", header: "header", frame: "log", records: [1, 2, 3, 4, 5], hashes: "hash", parent: null },
  {
    name: "the log of what was salvaged",
    header: "new-header",
    frame: "new-log",
    records: [1, 3],
    hashes: "newHash",
    parent: 2,
  },
];

describe.each(LOGS)("the page's $name", ({ header: name, frame: opening, records: numbers, hashes, parent }) => {
  const header = hex(name);
  const records = numbers.map((number) => hex(`record-${number}`));

  test("has a header that its station signed, and goes on from where it says", () => {
    const parsed = decodeHeader(header);
    expect(parsed).toMatchObject({ station: value("station"), event: value("event") });
    expect(parsed?.parent).toEqual(parent && { log: value("log"), number: parent, hash: value(`hash${parent}`) });
    expect(parsed && toHex(encodeHeader(parsed))).toBe(toHex(header));
    const [, sent, signature, last, hash] = frame("log", opening);
    expect(toHex(sent)).toBe(toHex(header));
    expect(toHex(headerToSign(header))).toBe(toHex(hex(`${name}-to-sign`)));
    expect(toHex(signature)).toBe(toHex(station.sign(hex(`${name}-to-sign`))));
    expect(station.fits(hex(`${name}-to-sign`), signature)).toBe(true);
    expect(toHex(hash)).toBe(toHex(value(`${hashes}${last}`)));
  });

  test("has records that are read and written as they stand", () => {
    for (const bytes of records) {
      const record = decodeRecord(bytes);
      expect(record && toHex(encodeRecord(record))).toBe(toHex(bytes));
    }
  });

  test("has the running hashes of them", () => {
    const first = sha256(concatBytes(ascii("polling-station/1 log\n"), header));
    expect(toHex(value(`${hashes}0`))).toBe(toHex(first));
    expect(toHex(firstHash(sha256, header))).toBe(toHex(first));
    let hash = first;
    for (const [at, bytes] of records.entries()) {
      const next = sha256(concatBytes(hash, bytes));
      expect(toHex(nextHash(sha256, hash, bytes))).toBe(toHex(next));
      expect(toHex(value(`${hashes}${at + 1}`))).toBe(toHex(next));
      hash = next;
    }
  });
});

test("the page's tags have the keys that the event key makes of their UIDs", () => {
  const tagKey = (uid: string) =>
    toHex(createHmac("sha256", value("eventKey")).update(value(uid)).digest().subarray(0, 16));
  expect([toHex(value("tagKey")), toHex(value("secondTagKey"))]).toEqual([tagKey("uid"), tagKey("secondUid")]);
  expect(decodeRecord(hex("record-2"))).toMatchObject({ tagKey: value("tagKey"), poll: value("poll") });
});

test.each([
  { name: "batch", of: [1, 2, 3], hashes: ["hash0", "hash3"] },
  { name: "batch-2", of: [4, 5], hashes: ["hash3", "hash5"] },
  { name: "new-batch", of: [1, 3], hashes: ["newHash0", "newHash2"] },
])("the page's $name holds records $of, signed by the station", ({ name, of, hashes }) => {
  const [, bytes] = frame("batch", name);
  const batch = decodeBatch(bytes);
  if (batch === undefined) throw new Error("the page's batch is not read");
  expect(toHex(encodeBatch(batch))).toBe(toHex(bytes));
  expect(batch.records.map((record) => toHex(encodeRecord(record)))).toEqual(
    of.map((number) => toHex(hex(`record-${number}`))),
  );
  const hashAfter = hashRecords(sha256, batch.hashBefore, batch.records);
  expect([batch.hashBefore, hashAfter].map(toHex)).toEqual(hashes.map((hash) => toHex(value(hash))));
  const toSign = batchToSign({ ...batch, count: batch.records.length, hashAfter });
  expect(toHex(toSign)).toBe(toHex(concatBytes(ascii("polling-station/1 batch\n"), hex(`${name}-span`))));
  expect(toHex(toSign)).toBe(toHex(hex(`${name}-to-sign`)));
  expect(toHex(batch.signature)).toBe(toHex(station.sign(toSign)));
  expect(station.fits(toSign, batch.signature)).toBe(true);
});

const DEFINITION_HASHES = {
  definition: "definitionHash",
  "definition-2": "secondDefinitionHash",
  "tagless-definition": "taglessDefinitionHash",
};

test.each(Object.entries(DEFINITION_HASHES))("the page's %s is known by its hash", (name, hash) => {
  const parsed = decodeDefinition(hex(name));
  expect(parsed && toHex(encodeDefinition(parsed))).toBe(toHex(hex(name)));
  expect(toHex(value(hash))).toBe(toHex(sha256(hex(name))));
  expect(toHex(value("poll"))).toBe(toHex(sha256(hex("definition")).slice(0, POLL_HASH_BYTES)));
  const long = PAGE.match(/Its question is (\d+) UTF-16 units long/)?.[1];
  expect(decodeDefinition(hex("definition-2"))?.question).toHaveLength(Number(long));
});

test.each(["poll", "poll-certified"])("the page's %s is the server's signed word", (name) => {
  const [, , course, definition, signature] = frame("poll", name);
  expect(toHex(definition)).toBe(toHex(hex("definition")));
  expect(packCourse(readCourse(course))).toEqual(course);
  const toSign = pollWordToSign(value("event"), definition, course);
  const word = hex(name === "poll" ? "poll-word" : "poll-certified-word");
  expect(toHex(toSign)).toBe(toHex(concatBytes(ascii("polling-station/1 poll\n"), word)));
  expect(toHex(toSign)).toBe(toHex(hex(`${name}-to-sign`)));
  expect(toHex(signature)).toBe(toHex(server.sign(toSign)));
  expect(server.fits(toSign, signature)).toBe(true);
});

test("the page's poll without tags differs from any other in its definition's version and its last item only", () => {
  const tagless = decodeDefinition(hex("tagless-definition"));
  if (tagless === undefined) throw new Error("the page's definition is not read");
  expect(tagless.tagless).toBe(true);
  const [, ...fields] = v.parse(v.array(v.unknown()), decodeCbor(hex("tagless-definition")));
  const plain = decodeCbor(encodeDefinition({ ...tagless, tagless: false }));
  expect(plain).toEqual([1, ...fields.slice(0, -1)]);
});

test("the page's change of readers is answered in words that the code knows", () => {
  const outcomes = rowsOf(section(19), /\| (\d) `([\w-]+)` \|$/gm);
  expect(Object.fromEntries(outcomes.map(([code, word]) => [word, Number(code)]))).toEqual(MAPPED_CODES);
  const [, change, base] = frame("mapping");
  expect(frame("mapped")).toEqual([FRAME.mapped, change, MAPPED_CODES.ok]);
  expect(frame("mapped", "mapped-conflict")).toEqual([FRAME.mapped, change, MAPPED_CODES.conflict]);
  expect(frame("readers")[1]).toBe(base);
});

test("the page's chunk of the roll is known by its hash, and asked for and sent as it stands", () => {
  const tags = decodeRollChunk(hex("roll-chunk"));
  expect(tags && toHex(encodeRollChunk(tags))).toBe(toHex(hex("roll-chunk")));
  expect(tags?.map(({ tagKey }) => toHex(tagKey)).toSorted()).toEqual(
    ["tagKey", "secondTagKey"].map((name) => toHex(value(name))).toSorted(),
  );
  expect(toHex(value("chunkHash"))).toBe(toHex(sha256(hex("roll-chunk"))));
  expect(frame("roll")).toEqual([FRAME.roll, [value("chunkHash")]]);
  expect(frame("roll", "roll-none")).toEqual([FRAME.roll, []]);
  expect(frame("want")).toEqual([FRAME.want, value("chunkHash")]);
  expect(frame("chunk")).toEqual([FRAME.chunk, hex("roll-chunk")]);
});

test("the page's places are those of its log", () => {
  const [, log, number, hash] = frame("place");
  expect(frame("where")).toEqual([FRAME.where, log, number]);
  expect([log, hash]).toEqual([value("log"), value(`hash${number}`)]);
  expect(frame("place", "place-beyond")).toEqual([FRAME.place, log, expect.any(Number), null]);
  expect(frame("standing")).toEqual([FRAME.standing, value("newLog"), STANDING_CODES.aside]);
  expect(frame("lacks")).toEqual([FRAME.lacks, value("poll")]);
});

test("the page's acks, tally, delta and certificate are what the fold makes of its log", () => {
  const projection = createMemoryProjection();
  const definition = decodeDefinition(hex("definition"));
  if (definition === undefined) throw new Error("the page's definition is not read");
  const poll = definition.id;
  const row = () => {
    const found = projection.poll(poll);
    if (found === undefined) throw new Error("the poll is not folded");
    return found;
  };
  const course = (state: PollCourse["state"], totals: number[] | null) =>
    packCourse({ ...row(), state, closedAtMs: row().closed?.atMs ?? null, totals });
  const [, header, signature] = frame("log");
  const openedAtMs = decodeHeader(header)?.openedAtMs ?? 0;
  const closedAtMs = readCourse(frame("poll", "poll-certified")[2]).closedAtMs ?? 0;
  let position = 0;
  const fold = (change: Change, atMs = openedAtMs) =>
    foldEntry(projection, sha256, { position: ++position, atMs, change });
  const ackOf = (change: Change, atMs?: number) => {
    const folded = fold(change, atMs);
    if (folded.kind !== "batch") throw new Error("the page's batch is not folded");
    const verdicts = folded.verdicts.filter(({ verdict }) => verdict !== "counted");
    const told = verdicts.map(({ number, verdict }) => [number, VERDICT_CODES[verdict]]);
    return [FRAME.ack, value("log"), folded.head, folded.hash, told];
  };

  fold({ kind: "event-created", event: toHex(value("event")) });
  fold({ kind: "poll-defined", ...pollFacts(definition, toHex(value("definitionHash"))) });
  fold({ kind: "station-admitted", station: toHex(value("station")), key: station.raw });
  fold({ kind: "poll-opened", poll });
  fold({ kind: "log-opened", header, signature });
  const opened = projection.log(toHex(value("log")));
  expect([FRAME.ack, value("log"), opened?.head, opened?.hash, []]).toEqual(frame("ack", "log-ack"));
  expect(frame("poll").slice(1, 3)).toEqual([row().stateCursor, course("open", null)]);
  expect(frame("proof")[4]).toEqual([[value("poll"), 1, row().moves, row().tallyCursor]]);
  expect(frame("delta")[3]).toBe(row().tallyCursor);

  expect(ackOf({ kind: "batch", batch: frame("batch")[1], hashAfter: value("hash3") })).toEqual(frame("ack"));
  expect([FRAME.tally, value("poll"), row().tallyCursor, row().tally]).toEqual(frame("tally"));
  const [, of, cursor, , option, count] = frame("delta");
  expect([of, cursor, count]).toEqual([value("poll"), row().tallyCursor, row().tally[option - 1]]);

  fold({ kind: "poll-closed", poll }, closedAtMs);
  expect(ackOf({ kind: "batch", batch: frame("batch", "batch-2")[1], hashAfter: value("hash5") }, closedAtMs)).toEqual(
    frame("ack", "ack-2"),
  );
  fold({ kind: "poll-barred", poll, why: "drained", missing: [], reason: null }, closedAtMs);
  fold({ kind: "poll-certified", poll, barrier: position, totals: row().tally }, closedAtMs);
  expect(row().state).toBe("certified");
  expect(frame("poll", "poll-certified").slice(1, 3)).toEqual([row().stateCursor, course("certified", row().tally)]);
  expect(projection.station(toHex(value("station")))?.forgot).not.toBeNull();
});

/** What the CDDL calls an example, and who reads it in the code. */
const READERS: Record<string, (bytes: Uint8Array) => unknown> = {
  "log-header": decodeHeader,
  record: decodeRecord,
  definition: decodeDefinition,
  "tagless-definition": decodeDefinition,
  "roll-chunk": decodeRollChunk,
  frame: (bytes) => (decodeFrame(bytes, 1).ok ? true : undefined),
  "frame-2": (bytes) => (decodeFrame(bytes, 2).ok ? true : undefined),
};
const OF_VERSION_2 = ["readers", "mapping", "mapped", "settings"];
function ruleOf(example: string): string {
  if (example.endsWith("header")) return "log-header";
  if (example.endsWith("-span")) return "batch-span";
  if (example.endsWith("-word")) return "poll-word";
  if (OF_VERSION_2.some((name) => example.startsWith(name))) return "frame-2";
  return (
    ["tagless-definition", "record", "definition", "roll-chunk", "encounter"].find((name) =>
      example.startsWith(name),
    ) ?? "frame"
  );
}

describe("the page's CDDL", () => {
  const cddl = readCddl(block("cddl") + block("cddl version-2"));
  const examples = named("hex").filter((name) => !name.endsWith("-to-sign"));

  test("has a rule for every name, and a use for every rule but what stands alone", () => {
    expect([...cddl.used].filter((name) => !cddl.names.includes(name))).toEqual([]);
    const alone = ["record", "encounter", "batch-span", "poll-word", "frame-2", "tagless-definition"];
    expect(cddl.names.filter((name) => !cddl.used.has(name))).toEqual(alone);
  });

  test.each(examples)("fits the example %s, also what is in its byte strings", (name) => {
    expect(cddl.fits(ruleOf(name), decodeCbor(hex(name)) ?? null, true)).toBe(true);
  });

  test.each(Object.keys(FRAME))("has a rule of that name for the frame %s", (name) => {
    expect(cddl.fits(name, decodeCbor(hex(name)) ?? null, true)).toBe(true);
  });

  test.each(examples.filter((name) => ruleOf(name) in READERS))("takes of %s, changed, what the code takes", (name) => {
    const rule = ruleOf(name);
    const otherwise = [...changes(diag(name))].filter((changed) => {
      const taken = READERS[rule]?.(encodeCbor(changed)) !== undefined;
      const fits = cddl.fits(rule, changed, false);
      return fits !== taken && !(fits && breaksOtherRule(rule, changed)) && !isShortTally(changed);
    });
    expect(otherwise).toEqual([]);
  });

  test.each(["batch", "batch-2", "new-batch"])("takes of the batch in %s, changed, what the code takes", (name) => {
    const otherwise = [...changes(decodeCbor(frame("batch", name)[1]) ?? null)].filter((changed) => {
      const taken = decodeBatch(encodeCbor(changed)) !== undefined;
      return cddl.fits("packed-batch", changed, true) !== taken && !hasPlaceBeyond(changed);
    });
    expect(otherwise).toEqual([]);
  });
});

/** What a definition and a chunk of the roll must be besides, CDDL cannot say; the page says it in words. */
function breaksOtherRule(rule: string, read: Cbor): boolean {
  if (!Array.isArray(read)) return false;
  if (rule === "frame-2") return read[0] === FRAME.mapping && namesTwice(read[3]);
  const list = (at: number) => {
    const item = read[at];
    return Array.isArray(item) ? item : [];
  };
  const ascend = (keys: string[]) => keys.every((key, at) => at === 0 || key > (keys[at - 1] ?? ""));
  if (rule === "roll-chunk")
    return !ascend(
      list(1).map((row) => toHex(Array.isArray(row) && row[0] instanceof Uint8Array ? row[0] : ascii(""))),
    );
  const groups = list(7).map((group) => String(group).padStart(3, "0"));
  const alike = new Set(list(3)).size !== list(3).length;
  return !ascend(groups) || alike || Number(read[5]) > list(3).length || (read[10] === 1) !== (read[11] === null);
}

/** A reader that a change names twice. */
function namesTwice(readers: Cbor | undefined): boolean {
  const ids = Array.isArray(readers) ? readers.map((reader) => (Array.isArray(reader) ? reader[0] : null)) : [];
  return new Set(ids).size !== ids.length;
}

/** The code reads fewer counts than any poll can have; no poll fits such a tally. */
function isShortTally(frameRead: Cbor): boolean {
  if (!Array.isArray(frameRead) || frameRead[0] !== FRAME.tally) return false;
  return Array.isArray(frameRead[3]) && frameRead[3].length < pollLimits.MIN_OPTIONS;
}

/** A place beyond the batch's table is nothing that CDDL can see. */
function hasPlaceBeyond(batch: Cbor): boolean {
  if (!Array.isArray(batch) || !Array.isArray(batch[3]) || !Array.isArray(batch[4])) return false;
  const known = batch[3].length;
  const naming: Cbor[] = [RECORD.ballot, RECORD.drained];
  return batch[4].some(
    (record) => Array.isArray(record) && naming.includes(record[0] ?? null) && Number(record[1]) >= known,
  );
}

/** Numbers beside each bound that a field could have. */
const NUMBERS = [0, 1, 50, 99, 127, 128, 255, 65_535, 1e6, 3_600_000, 2 ** 32 - 1, MAX_WALL_MS, Number.MAX_SAFE_INTEGER]
  .flatMap((bound) => [bound - 1, bound, bound + 1])
  .concat([3, 4, 5])
  .filter(Number.isSafeInteger);
const LENGTHS = [1, 2, 16, 17, 32, 33, 50, 51, 128, 129, 200, 201, 1000, 1001];

/** A value with one place changed, in all ways that might matter; not into a text of another length. */
function* changes(from: Cbor): Generator<Cbor> {
  yield null;
  yield [];
  yield false;
  if (typeof from === "number") yield* NUMBERS;
  if (from instanceof Uint8Array && from.length <= 64) {
    yield from.slice(1);
    yield concatBytes(from, Uint8Array.of(0));
    yield "text";
  }
  if (!Array.isArray(from)) return;
  yield from.slice(1);
  yield from.slice(0, -1);
  yield [...from, ...from.slice(-1)];
  const last = from.at(-1);
  if (last !== undefined) for (const length of LENGTHS) yield Array.from({ length }, (_, at) => nth(last, at));
  for (const [at, item] of from.entries()) for (const changed of changes(item)) yield from.with(at, changed);
}

/** The same made different for each place of a list, ascending: some lists take nothing twice. */
function nth(item: Cbor, at: number): Cbor {
  if (typeof item === "number") return at + 1;
  if (typeof item === "string") return `${at}`;
  if (item instanceof Uint8Array && item.length > 2) return concatBytes(Uint8Array.of(at >> 8, at), item.slice(2));
  const [first, ...rest] = Array.isArray(item) ? item : [];
  return first instanceof Uint8Array ? [nth(first, at), ...rest] : item;
}

describe("the page's tables", () => {
  const rows = rowsOf;
  const codes = (number: number) => rows(section(number), /^\| (\d+) \| `([\w-]+)` \|/gm);
  const entries = (inCode: Record<string, number>) =>
    Object.entries(inCode).map(([name, code]): [string, string] => [String(code), name]);

  test("name every limit of the link and of what it carries, and each as it is", () => {
    const numbersOf = (limits: object) =>
      Object.entries(limits).flatMap(([name, limit]): [string, number][] =>
        typeof limit === "number" ? [[name, limit]] : [],
      );
    const inCode = new Map(
      [linkLimits, batchLimits, courseLimits, mappingLimits, pollLimits, recordLimits, rollLimits].flatMap(numbersOf),
    );
    const onPage = rows(section(16) + section(19), /^\| `([A-Z_]+)` \| (\d+) \|/gm);
    expect(onPage).toEqual(onPage.map(([name]) => [name, String(inCode.get(name))]));
    // Lengths of byte strings are in the CDDL.
    const missing = [...inCode.keys()].filter((name) => !onPage.some(([told]) => told === name));
    expect(missing.filter((name) => !name.endsWith("_BYTES") && name !== "NO_GROUP")).toEqual([]);
  });

  test("and the sentences about limits say the same", () => {
    const { MAX_LOGS_PER_LINK, MAX_BATCHES_IN_FLIGHT, MAX_LINKS_PER_STATION, MAX_WAITING_STATIONS } = linkLimits;
    const spaced = (limit: number) => String(limit).replace(/(?<=\d)(?=\d{3}$)/, " ");
    for (const sentence of [
      `one frame each, at most ${spaced(linkLimits.MAX_FRAME_BYTES)} bytes`,
      `there are ${linkLimits.HANDSHAKE_MS / 1000} s; then ${CLOSE.silence}`,
      `At most ${MAX_LINKS_PER_STATION} links of one station are kept`,
      `At most ${MAX_WAITING_STATIONS} links wait; one more is closed with ${CLOSE.tooManyWaiting}`,
      `A batch is 1 to ${batchLimits.MAX_BATCH_RECORDS} records`,
      `Open at most ${spaced(MAX_LOGS_PER_LINK)} logs on a link. Keep at most ${MAX_BATCHES_IN_FLIGHT} batches`,
      `\`has\` takes ${spaced(linkLimits.MAX_POLLS_TOLD)} polls`,
      `sends \`ping\` every ${linkLimits.HEARTBEAT_MS / 1000} s`,
      `no frame for ${linkLimits.SILENCE_MS / 1000} s closes with ${CLOSE.silence}`,
    ])
      expect(PAGE).toContain(sentence);
  });

  test("give a question and a label the length that is read, and no more; and a poll its groups", () => {
    const lengths = rows(
      section(16),
      /^\| (characters of a question|characters of a label|groups of a poll) \| (\d+) \|/gm,
    );
    const [question = 0, label = 0, groups = 0] = lengths.map(([, length]) => Number(length));
    const known = decodeDefinition(hex("definition"));
    const isRead = (more: { question?: number; label?: number; groups?: number }) => {
      const poll = {
        ...known,
        question: "x".repeat(question + (more.question ?? 0)),
        options: ["x".repeat(label + (more.label ?? 0)), "other"],
        groups: Array.from({ length: groups + (more.groups ?? 0) }, (_, at) => at + 1),
      };
      const definition = v.safeParse(pollLimits.PollDefinition, poll);
      return definition.success && decodeDefinition(encodeDefinition(definition.output)) !== undefined;
    };
    expect([{}, { question: 1 }, { label: 1 }, { groups: 1 }].map(isRead)).toEqual([true, false, false, false]);
  });

  test("name every close code", () => {
    expect(codes(17)).toEqual(entries(CLOSE).toSorted(([a], [b]) => Number(a) - Number(b)));
  });

  test("name every verdict, standing and kind of record", () => {
    expect(codes(10)).toEqual(entries(VERDICT_CODES));
    expect(section(10)).toContain(`| ${VERDICT_TOLD_BEFORE} | told before |`);
    expect(codes(11)).toEqual(entries(STANDING_CODES));
    expect(codes(8)).toEqual(entries(RECORD));
    const kinds = rows(block("cddl"), /^(\w+) += \[(\d),/gm).filter(([name]) => name in RECORD);
    expect(kinds).toEqual(entries(RECORD).map(([code, name]) => [name, code]));
  });

  test("name path, subprotocol and the type of every frame", () => {
    expect(PAGE).toContain(`| path | \`${linkLimits.LINK_PATH}\`,`);
    expect(PAGE).toContain(`offer \`${linkLimits.LINK_SUBPROTOCOL}\``);
    const both = block("cddl") + block("cddl version-2");
    const types = rows(both, /^(\w+) += \[(\d+)[,\]]/gm).filter(([name]) => name in FRAME);
    expect(types.toSorted(([, a], [, b]) => Number(a) - Number(b))).toEqual(
      entries(FRAME).map(([code, name]) => [name, code]),
    );
    const choicesOf = (rule: RegExp) =>
      (rule.exec(both)?.[1] ?? "")
        .split("/")
        .map((name) => name.trim())
        .toSorted();
    const isLater = (name: string) => OF_VERSION_2.includes(name);
    const names = Object.keys(FRAME);
    expect(choicesOf(/^frame =([^]*?)^$/m)).toEqual(names.filter((name) => !isLater(name)).toSorted());
    expect(choicesOf(/^frame-2 =([^]*?)^$/m)).toEqual([...names.filter(isLater), "frame"].toSorted());
  });
});
