import {
  existsSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { blotOut } from "./blot-out.ts";
import { signatureFits, verifyingKey } from "./ed25519.ts";
import { SecretFileFault } from "../files/secret-file.ts";
import { SecretsUnusable, openSecrets } from "./secrets.ts";
import { createSignatureCheck } from "./signature-check.ts";

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

describe("the event key, once destroyed,", () => {
  const fresh = () => {
    const directory = mkdtempSync(join(root, "key-"));
    const secrets = openSecrets(directory);
    const { eventKey } = secrets;
    if (eventKey === undefined) throw new Error("a fresh server has no event key");
    return { directory, path: join(directory, "secrets.json"), secrets, key: toHex(eventKey) };
  };

  test("is gone from memory and from the file, and stays so; the signing key is what it was", () => {
    const { directory, path, secrets, key } = fresh();
    secrets.destroyEventKey();
    expect(secrets.eventKey).toBeUndefined();
    for (const name of readdirSync(directory)) expect(readFileSync(join(directory, name), "utf8")).not.toContain(key);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = openSecrets(directory);
    expect(again.eventKey).toBeUndefined();
    expect(again.signing.publicKey).toEqual(secrets.signing.publicKey);
    again.destroyEventKey();
    expect(openSecrets(directory).eventKey).toBeUndefined();
  });

  test("is overwritten where it lay, before the file is replaced", () => {
    const { directory, path, secrets, key } = fresh();
    // Another name for the same blocks: what the replaced file leaves behind on the disk.
    const left = join(directory, "left");
    linkSync(path, left);
    expect(readFileSync(left, "utf8")).toContain(key);
    secrets.destroyEventKey();
    expect(readFileSync(left, "utf8")).not.toContain(key);
    expect(readFileSync(left, "utf8")).toContain("0".repeat(64));
    expect(readFileSync(path, "utf8")).toContain('"eventKey":null');
  });

  test("does not come back when the server was stopped between overwriting and replacing", () => {
    const { directory, path, secrets, key } = fresh();
    blotOut(path, key, "0".repeat(64));
    const again = openSecrets(directory);
    expect(again.eventKey).toBeUndefined();
    expect(again.signing.publicKey).toEqual(secrets.signing.publicKey);
    again.destroyEventKey();
    expect(readFileSync(path, "utf8")).toContain('"eventKey":null');
  });

  test("is out of memory even where the disk does not let it go, and goes when it is tried again", () => {
    const { directory, path, secrets, key } = fresh();
    renameSync(path, `${path}.away`);
    expect(() => secrets.destroyEventKey()).toThrow(SecretFileFault);
    expect(secrets.eventKey).toBeUndefined();
    renameSync(`${path}.away`, path);
    expect(readFileSync(path, "utf8")).toContain(key);
    secrets.destroyEventKey();
    expect(readFileSync(path, "utf8")).not.toContain(key);
    expect(openSecrets(directory).eventKey).toBeUndefined();
  });
});

test.skipIf(!existsSync("/proc"))("where no directory can be made, it says so instead of trying for ever", () => {
  expect(() => openSecrets("/proc/x/y")).toThrow(SecretFileFault);
});

test("a signature fits its bytes and its key, and nothing else", async () => {
  const { signing } = openSecrets(join(root, "c"));
  const bytes = Uint8Array.of(1, 2, 3);
  const signature = signing.sign(bytes);
  const key = verifyingKey(signing.publicKey);
  if (key === undefined) throw new Error("our own key is none");
  expect(await createSignatureCheck()(key, bytes, signature)).toBe(true);
  expect(await createSignatureCheck()(key, Uint8Array.of(1, 2, 4), signature)).toBe(false);
  expect(await createSignatureCheck()(key, bytes, signature.slice(1))).toBe(false);
  expect(signatureFits(new Uint8Array(32).fill(255), bytes, signature)).toBe(false);
  expect(verifyingKey(new Uint8Array(5))).toBeUndefined();
});
