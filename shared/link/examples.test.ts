/** docs/link-protocol.md is what others write clients from: every example and number on it is held against the code. */
import { createHash, createHmac, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ascii, concatBytes, fromHex, toHex } from "../bytes.ts";
import { decodeCbor, encodeCbor, type Cbor } from "../cbor.ts";
import * as batchLimits from "../domain/batch.ts";
import { decodeBatch, encodeBatch, hashRecords } from "../domain/batch.ts";
import type { Change } from "../domain/entry.ts";
import { foldEntry } from "../domain/fold.ts";
import { createMemoryProjection } from "../domain/memory-projection.ts";
import * as pollLimits from "../domain/poll.ts";
import { POLL_HASH_BYTES, decodeDefinition, encodeDefinition } from "../domain/poll.ts";
import * as recordLimits from "../domain/record.ts";
import {
  batchToSign,
  decodeHeader,
  decodeRecord,
  encodeHeader,
  encodeRecord,
  firstHash,
  headerToSign,
  nextHash,
} from "../domain/record.ts";
import { VERDICT_CODES } from "../domain/verdict.ts";
import { CLOSE } from "./close-codes.ts";
import { FRAME, VERDICT_TOLD_BEFORE, decodeFrame, encodeFrame, type FrameName, type FrameOf } from "./frames.ts";
import { challengeToSign, enrolmentCode, keepsPromise, proofToSign, stationId } from "./handshake.ts";
import * as linkLimits from "./limits.ts";

const PAGE = readFileSync(new URL("../../docs/link-protocol.md", import.meta.url), "utf8");

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** Fenced blocks by `kind name`, as after the opening fence. */
const BLOCKS = new Map(
  [...PAGE.matchAll(/^```(\w+ [\w-]+)\n([^]*?)^```$/gm)].map(([, title = "", body = ""]) => [title, body]),
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
    .replaceAll(/ \/ [^/]* \//g, "")
    .replaceAll(/h'([^']*)'/g, (_, digits: string) => `{"bytes":"${digits.replaceAll(/\s/g, "")}"}`)
    .replaceAll("<<", '{"embedded":')
    .replaceAll(">>", "}");
  return cborOf(JSON.parse(json));
}

function cborOf(said: unknown): Cbor {
  if (Array.isArray(said)) return said.map(cborOf);
  if (said === null || typeof said === "number" || typeof said === "string") return said;
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
    expect(refused.length).toBeGreaterThan(10);
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
    const [, shown, signature, has] = frame("proof");
    expect(shown).toEqual(nonce);
    expect(has).toEqual([[value("poll"), 4, 2]]);
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

  test("ends with no key, then with the event's", () => {
    expect(frame("welcome", "welcome-waiting")[1]).toBeNull();
    expect(frame("welcome")[1]).toEqual(value("eventKey"));
  });
});

describe("the page's log", () => {
  const header = hex("header");
  const records = ["record-1", "record-2", "record-3"].map(hex);

  test("has a header that its station signed", () => {
    const parsed = decodeHeader(header);
    expect(parsed).toMatchObject({ log: value("log"), station: value("station"), event: value("event"), parent: null });
    expect(parsed && toHex(encodeHeader(parsed))).toBe(toHex(header));
    const [, sent, signature] = frame("log");
    expect(toHex(sent)).toBe(toHex(header));
    expect(toHex(headerToSign(header))).toBe(toHex(hex("header-to-sign")));
    expect(toHex(signature)).toBe(toHex(station.sign(hex("header-to-sign"))));
    expect(station.fits(hex("header-to-sign"), signature)).toBe(true);
  });

  test("has records that are read and written as they stand, of the tag it names", () => {
    for (const bytes of records) {
      const record = decodeRecord(bytes);
      expect(record && toHex(encodeRecord(record))).toBe(toHex(bytes));
    }
    const tagKey = createHmac("sha256", value("eventKey")).update(value("uid")).digest().subarray(0, 16);
    expect(toHex(value("tagKey"))).toBe(toHex(tagKey));
    expect(decodeRecord(hex("record-2"))).toMatchObject({ tagKey: value("tagKey"), poll: value("poll") });
  });

  test("has the running hashes of them", () => {
    const first = sha256(concatBytes(ascii("polling-station/1 log\n"), header));
    expect(toHex(value("hash0"))).toBe(toHex(first));
    expect(toHex(firstHash(sha256, header))).toBe(toHex(first));
    let hash = first;
    for (const [at, bytes] of records.entries()) {
      const next = sha256(concatBytes(hash, bytes));
      expect(toHex(nextHash(sha256, hash, bytes))).toBe(toHex(next));
      expect(toHex(value(`hash${at + 1}`))).toBe(toHex(next));
      hash = next;
    }
  });

  test("has a batch of them that its station signed", () => {
    const [, bytes] = frame("batch");
    const batch = decodeBatch(bytes);
    if (batch === undefined) throw new Error("the page's batch is not read");
    expect(toHex(encodeBatch(batch))).toBe(toHex(bytes));
    expect(batch.records.map((record) => toHex(encodeRecord(record)))).toEqual(records.map(toHex));
    const hashAfter = hashRecords(sha256, batch.hashBefore, batch.records);
    expect([toHex(batch.hashBefore), toHex(hashAfter)]).toEqual([toHex(value("hash0")), toHex(value("hash3"))]);
    const toSign = batchToSign({ ...batch, count: batch.records.length, hashAfter });
    expect(toHex(toSign)).toBe(toHex(hex("batch-to-sign")));
    expect(toHex(batch.signature)).toBe(toHex(station.sign(toSign)));
    expect(station.fits(toSign, batch.signature)).toBe(true);
  });
});

test("the page's poll is named by the hash of its definition", () => {
  const definition = hex("definition");
  const parsed = decodeDefinition(definition);
  expect(parsed && toHex(encodeDefinition(parsed))).toBe(toHex(definition));
  expect(toHex(value("definitionHash"))).toBe(toHex(sha256(definition)));
  expect(toHex(value("poll"))).toBe(toHex(sha256(definition).slice(0, POLL_HASH_BYTES)));
  expect(toHex(frame("poll")[3])).toBe(toHex(definition));
});

test("the page's acks, tally and delta are what the fold makes of its log", () => {
  const projection = createMemoryProjection();
  const poll = toHex(bytesOf("e0e1e2e3e4e5e6e7e8e9eaebecedeeef"));
  const [, header, signature] = frame("log");
  const openedAtMs = decodeHeader(header)?.openedAtMs ?? 0;
  const changes: Change[] = [
    { kind: "event-created", event: toHex(value("event")) },
    {
      kind: "poll-defined",
      poll,
      hash: toHex(value("definitionHash")),
      options: 3,
      counts: "last",
      upTo: 1,
      results: "live" as const,
    },
    { kind: "station-admitted", station: toHex(value("station")), key: station.raw },
    { kind: "poll-opened", poll },
    { kind: "log-opened", header, signature },
    { kind: "batch", batch: frame("batch")[1], hashAfter: value("hash3") },
  ];
  const cursorsBefore = () => ({
    state: projection.poll(poll)?.stateCursor,
    tally: projection.poll(poll)?.tallyCursor,
  });
  const fold = (change: Change, at: number) =>
    foldEntry(projection, sha256, { position: at + 1, atMs: openedAtMs, change });

  changes.slice(0, 5).forEach(fold);
  const opened = projection.log(toHex(value("log")));
  expect([FRAME.ack, value("log"), opened?.head, opened?.hash, []]).toEqual(frame("ack", "log-ack"));
  expect(cursorsBefore()).toEqual({ state: frame("poll")[1], tally: frame("delta")[3] });

  const folded = changes.slice(5).map((change) => fold(change, 5))[0];
  if (folded?.kind !== "batch") throw new Error("the page's batch is not folded");
  const verdicts = folded.verdicts.filter(({ verdict }) => verdict !== "counted");
  const told = verdicts.map(({ number, verdict }) => [number, VERDICT_CODES[verdict]]);
  expect([FRAME.ack, value("log"), folded.head, folded.hash, told]).toEqual(frame("ack"));
  const { tally = [], tallyCursor = 0 } = projection.poll(poll) ?? {};
  expect([FRAME.tally, value("poll"), tallyCursor, tally]).toEqual(frame("tally"));
  const [, of, cursor, , option, count] = frame("delta");
  expect([of, cursor, count]).toEqual([value("poll"), tallyCursor, tally[option - 1]]);
});

describe("the page's tables", () => {
  const rows = (pattern: RegExp) => [...PAGE.matchAll(pattern)].map(([, a = "", b = ""]): [string, string] => [a, b]);

  test("name every limit of the link, and each as it is", () => {
    const limits = Object.entries({ ...linkLimits, ...batchLimits, ...pollLimits, ...recordLimits });
    const inCode = new Map(limits.flatMap(([name, limit]) => (typeof limit === "number" ? [[name, limit]] : [])));
    const onPage = rows(/^\| `([A-Z_]+)` \| (\d+) \|/gm);
    expect(onPage).toEqual(onPage.map(([name]) => [name, String(inCode.get(name))]));
    const ofLink = Object.entries(linkLimits).flatMap(([name, limit]) => (typeof limit === "number" ? [name] : []));
    expect(ofLink.filter((name) => !onPage.some(([told]) => told === name))).toEqual([]);
  });

  test("give a question and a label the length that is read, and no more", () => {
    const lengths = rows(/^\| characters of a (question|label) \| (\d+) \|/gm);
    const [question = 0, label = 0] = lengths.map(([, length]) => Number(length));
    const text = { id: toHex(value("event")), counts: "first" as const, upTo: 1, results: "live" as const };
    const isRead = (more: { question: number; label: number }) => {
      const options = ["x".repeat(label + more.label), "other"];
      const poll = { ...text, question: "x".repeat(question + more.question), options };
      return decodeDefinition(encodeDefinition(poll)) !== undefined;
    };
    expect(isRead({ question: 0, label: 0 })).toBe(true);
    expect(isRead({ question: 1, label: 0 })).toBe(false);
    expect(isRead({ question: 0, label: 1 })).toBe(false);
  });

  test("name every close code", () => {
    expect(rows(/^\| (\d{4}) \| `(\w+)` \|/gm)).toEqual(
      Object.entries(CLOSE).map(([name, code]) => [String(code), name]),
    );
  });

  test("name every verdict", () => {
    expect(rows(/^\| (\d) \| `([\w-]+)` \|/gm)).toEqual(
      Object.entries(VERDICT_CODES).map(([verdict, code]) => [String(code), verdict]),
    );
    expect(PAGE).toContain(`| ${VERDICT_TOLD_BEFORE} | told before |`);
  });

  test("name path, subprotocol and the type of every frame", () => {
    expect(PAGE).toContain(`| path | \`${linkLimits.LINK_PATH}\`,`);
    expect(PAGE).toContain(`offer \`${linkLimits.LINK_SUBPROTOCOL}\``);
    const cddl = rows(/^(\w+) += \[(\d+),/gm).filter(([name]) => name in FRAME);
    expect(cddl).toEqual(Object.entries(FRAME).map(([name, type]) => [name, String(type)]));
  });
});
