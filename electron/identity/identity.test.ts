import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { signatureFits } from "./ed25519.ts";
import { openIdentity } from "./identity.ts";

const root = mkdtempSync(join(tmpdir(), "identity-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ENROLMENT = {
  event: new Uint8Array(16).fill(1),
  eventKey: new Uint8Array(32).fill(2),
  serverKey: new Uint8Array(32).fill(3),
};

test("a station keeps its key and where it is enrolled", () => {
  const directory = join(root, "kept");
  const first = openIdentity(directory, null);
  expect(first.enrolment()).toBeUndefined();
  first.enrol(ENROLMENT);
  const second = openIdentity(directory, null);
  expect(second.key.publicKey).toEqual(first.key.publicKey);
  expect(second.enrolment()).toEqual(ENROLMENT);
  const words = new Uint8Array(5);
  expect(signatureFits(first.key.publicKey, words, second.key.sign(words))).toBe(true);
  for (const name of ["station-key.pem", "enrolment.json"])
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
});

test.each([
  ["station-key.pem", "not a key"],
  ["enrolment.json", "{"],
  ["enrolment.json", '{"event":"00"}'],
])("a damaged %s is named, and left as it is", (name, content) => {
  const directory = mkdtempSync(join(root, "damaged-"));
  openIdentity(directory, null);
  writeFileSync(join(directory, name), content);
  expect(() => openIdentity(directory, null)).toThrow(
    expect.objectContaining({ code: "data-corrupt", message: expect.stringContaining(join(directory, name)) }),
  );
  expect(readFileSync(join(directory, name), "utf8")).toBe(content);
});

test("a data directory that cannot be is an error with a remedy", () => {
  const file = join(root, "file");
  writeFileSync(file, "");
  expect(() => openIdentity(join(file, "data"), null)).toThrow(
    expect.objectContaining({ code: "data-directory", message: expect.stringContaining("--data") }),
  );
});

test("a key that is no point of the curve fits no signature", () => {
  expect(signatureFits(new Uint8Array(32).fill(255), new Uint8Array(1), new Uint8Array(64))).toBe(false);
  expect(signatureFits(new Uint8Array(3), new Uint8Array(1), new Uint8Array(64))).toBe(false);
});
