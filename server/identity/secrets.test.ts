import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkSignature, signatureFits, verifyingKey } from "./ed25519.ts";
import { SecretFileFault } from "../files/secret-file.ts";
import { SecretsUnusable, openSecrets } from "./secrets.ts";

const root = mkdtempSync(join(tmpdir(), "secrets-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("the server keeps its keys, in a file that is nobody else's to read", () => {
  const directory = join(root, "a", "b");
  const first = openSecrets(directory);
  const second = openSecrets(directory);
  expect(second.eventKey).toEqual(first.eventKey);
  expect(second.signing.publicKey).toEqual(first.signing.publicKey);
  expect(statSync(join(directory, "secrets.json")).mode & 0o777).toBe(0o600);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

test.each(["", "{", '{"signingKey":"x","eventKey":"00"}', '{"signingKey":"x"}'])(
  "a damaged file (%j) is refused with the remedy, and never written anew",
  (content) => {
    const directory = mkdtempSync(join(root, "damaged-"));
    const path = join(directory, "secrets.json");
    writeFileSync(path, content);
    expect(() => openSecrets(directory)).toThrow(SecretsUnusable);
    expect(() => openSecrets(directory)).toThrow(/secrets\.json.*backup/);
    expect(readFileSync(path, "utf8")).toBe(content);
  },
);

test.skipIf(!existsSync("/proc"))("where no directory can be made, it says so instead of trying for ever", () => {
  expect(() => openSecrets("/proc/x/y")).toThrow(SecretFileFault);
});

test("a signature fits its bytes and its key, and nothing else", async () => {
  const { signing } = openSecrets(join(root, "c"));
  const bytes = Uint8Array.of(1, 2, 3);
  const signature = signing.sign(bytes);
  const key = verifyingKey(signing.publicKey);
  if (key === undefined) throw new Error("our own key is none");
  expect(await checkSignature(key, bytes, signature)).toBe(true);
  expect(await checkSignature(key, Uint8Array.of(1, 2, 4), signature)).toBe(false);
  expect(await checkSignature(key, bytes, signature.slice(1))).toBe(false);
  expect(signatureFits(new Uint8Array(32).fill(255), bytes, signature)).toBe(false);
  expect(verifyingKey(new Uint8Array(5))).toBeUndefined();
});
