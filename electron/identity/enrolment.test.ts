import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { openIdentity } from "./identity.ts";
import type { Seal } from "./seal.ts";

const root = mkdtempSync(join(tmpdir(), "enrolment-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const enrolment = () => ({
  event: new Uint8Array(16).fill(1),
  eventKey: new Uint8Array(32).fill(0xab),
  serverKey: new Uint8Array(32).fill(3),
});
const KEY_HEX = "ab".repeat(32);
const FORGOTTEN = { ...enrolment(), eventKey: null };
const fileOf = (directory: string) => join(directory, "enrolment.json");

/** A seal that turns every bit, and knows its own by a first byte. */
const sealWith = (mine: number): Seal => ({
  seal: (bytes) => Uint8Array.of(mine, ...bytes.map((byte) => byte ^ 0xff)),
  open: (bytes) => (bytes[0] === mine ? bytes.slice(1).map((byte) => byte ^ 0xff) : undefined),
});

function enrolled(seal: Seal | null = null): string {
  const directory = mkdtempSync(join(root, "station-"));
  openIdentity(directory, seal).enrol(enrolment());
  return directory;
}

describe("the event key", () => {
  test("is destroyed where it lies on disk, in memory, and for good", () => {
    const directory = enrolled();
    const identity = openIdentity(directory, null);
    const inMemory = identity.enrolment()?.eventKey;
    const oldFile = openSync(fileOf(directory), "r");
    identity.forgetKey();
    identity.forgetKey();
    // The file as it was, which has no name any more.
    const left = Buffer.alloc(1_000);
    expect(left.toString("ascii", 0, readSync(oldFile, left))).toMatch(/"eventKey":"x{64}"/);
    expect(readFileSync(fileOf(directory), "utf8")).not.toContain("abab");
    expect(inMemory).toEqual(new Uint8Array(32));
    expect(identity.enrolment()).toEqual(FORGOTTEN);
    expect(openIdentity(directory, null).enrolment()).toEqual(FORGOTTEN);
  });

  test.each([
    ["after the first character", `x${KEY_HEX.slice(1)}`],
    ["in the middle", `${"x".repeat(30)}${KEY_HEX.slice(30)}`],
    ["in the middle, the end first", `x${KEY_HEX.slice(1, 40)}${"x".repeat(24)}`],
    ["before the file was replaced", "x".repeat(64)],
    ["of a sealed one", `xealed:${KEY_HEX}`],
  ])("that a crash left half destroyed, %s, is destroyed at the next start", (_, half) => {
    const directory = enrolled();
    const text = readFileSync(fileOf(directory), "utf8");
    writeFileSync(fileOf(directory), text.replace(KEY_HEX, half));
    expect(openIdentity(directory, null).enrolment()).toEqual(FORGOTTEN);
    expect(readFileSync(fileOf(directory), "utf8")).toContain('"eventKey":null');
  });

  test("is kept sealed where the platform can, and read back", () => {
    const directory = enrolled(sealWith(7));
    expect(readFileSync(fileOf(directory), "utf8")).not.toContain(KEY_HEX);
    expect(openIdentity(directory, sealWith(7)).enrolment()).toEqual(enrolment());
    openIdentity(directory, sealWith(7)).forgetKey();
    expect(openIdentity(directory, null).enrolment()).toEqual(FORGOTTEN);
  });

  test("that was stored plain is sealed once the station can, and destroyed where it lay", () => {
    const directory = enrolled();
    const oldFile = openSync(fileOf(directory), "r");
    expect(openIdentity(directory, sealWith(7)).enrolment()).toEqual(enrolment());
    const left = Buffer.alloc(1_000);
    expect(left.toString("ascii", 0, readSync(oldFile, left))).toMatch(/"eventKey":"x{64}"/);
    expect(readFileSync(fileOf(directory), "utf8")).toContain('"eventKey":"sealed:07');
    expect(readdirSync(directory).filter((name) => name.includes("sealed"))).toEqual([]);
    expect(openIdentity(directory, sealWith(7)).enrolment()).toEqual(enrolment());
  });

  test.each([
    ["before the old key was destroyed", KEY_HEX],
    ["while it was destroyed", `xxx${KEY_HEX.slice(3)}`],
    ["after it was destroyed", "x".repeat(64)],
  ])("whose sealing a crash cut short, %s, is sealed at the next start", (_, old) => {
    const directory = enrolled(sealWith(7));
    renameSync(fileOf(directory), `${fileOf(directory)}.sealed`);
    const text = readFileSync(fileOf(enrolled()), "utf8");
    writeFileSync(fileOf(directory), text.replace(KEY_HEX, old));
    expect(openIdentity(directory, sealWith(7)).enrolment()).toEqual(enrolment());
    expect(readFileSync(fileOf(directory), "utf8")).toContain('"eventKey":"sealed:07');
  });

  test("stays plain where the platform does not give back what it sealed", () => {
    const directory = enrolled();
    const lossy: Seal = { seal: (bytes) => bytes, open: () => undefined };
    expect(openIdentity(directory, lossy).enrolment()).toEqual(enrolment());
    expect(openIdentity(directory, null).enrolment()).toEqual(enrolment());
  });

  test("stays plain on a disk that does not take the sealed one, and the station starts", () => {
    const directory = enrolled();
    // In the way of the file that would be written.
    mkdirSync(`${fileOf(directory)}.sealed.new`);
    expect(openIdentity(directory, sealWith(7)).enrolment()).toEqual(enrolment());
    expect(openIdentity(directory, null).enrolment()).toEqual(enrolment());
  });

  test("that was destroyed does not come back by a sealing that was cut short", () => {
    const directory = enrolled();
    const identity = openIdentity(directory, null);
    // As a sealing leaves it that the disk stopped.
    writeFileSync(`${fileOf(directory)}.sealed`, readFileSync(fileOf(enrolled(sealWith(7)))));
    identity.forgetKey();
    expect(openIdentity(directory, sealWith(7)).enrolment()).toEqual(FORGOTTEN);
  });

  test.each<[string, Seal | null]>([
    ["by nobody", null],
    ["by another user", sealWith(8)],
    ["by a seal that gives something else", { seal: (bytes) => bytes, open: () => new Uint8Array(5) }],
  ])("that was sealed and can be opened %s is an error with a remedy, and left as it is", (_, seal) => {
    const directory = enrolled(sealWith(7));
    const before = readFileSync(fileOf(directory), "utf8");
    expect(() => openIdentity(directory, seal)).toThrow(
      expect.objectContaining({
        code: "key-sealed",
        message: expect.stringMatching(/enrolment\.json.*Start the station as that user.*or move the file away/),
      }),
    );
    expect(readFileSync(fileOf(directory), "utf8")).toBe(before);
  });

  test("that never came is none: the event was over", () => {
    const directory = mkdtempSync(join(root, "late-"));
    openIdentity(directory, sealWith(7)).enrol(FORGOTTEN);
    expect(openIdentity(directory, null).enrolment()).toEqual(FORGOTTEN);
    expect(toHex(FORGOTTEN.event)).toHaveLength(32);
  });
});

test("that it is revoked, and that it said the key is gone, a station knows after a restart, until it enrols anew", () => {
  const directory = enrolled();
  const identity = openIdentity(directory, null);
  expect([identity.revoked.isSet(), identity.saidForgot.isSet()]).toEqual([false, false]);
  identity.revoked.set(true);
  identity.revoked.set(true);
  identity.saidForgot.set(true);
  const again = openIdentity(directory, null);
  expect([again.revoked.isSet(), again.saidForgot.isSet()]).toEqual([true, true]);
  again.revoked.set(false);
  expect(openIdentity(directory, null).revoked.isSet()).toBe(false);
  again.enrol(enrolment());
  expect(openIdentity(directory, null).saidForgot.isSet()).toBe(false);
});
