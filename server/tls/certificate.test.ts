import { X509Certificate, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CERTIFICATE_FILE, KEY_FILE, openCertificate } from "./certificate.ts";

let directory: string;
const clock = () => Date.now();
const options = () => ({ directory, hosts: ["booth.example", "192.0.2.7"], clock });
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "polling-station-tls-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test("a self-made certificate names its hosts, lasts ten years, and is kept for its owner alone", async () => {
  const made = await openCertificate(options());
  const certificate = new X509Certificate(made.cert);
  expect(certificate.checkHost("booth.example")).toBe("booth.example");
  expect(certificate.checkIP("192.0.2.7")).toBe("192.0.2.7");
  const years = (certificate.validToDate.getTime() - Date.now()) / (365.25 * 86_400_000);
  expect(years).toBeGreaterThan(9.9);
  expect(certificate.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: "prime256v1" });
  for (const name of [CERTIFICATE_FILE, KEY_FILE]) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
});

test("the certificate stays the same over restarts, so that stations can pin it", async () => {
  const first = await openCertificate(options());
  expect(await openCertificate({ ...options(), hosts: ["elsewhere.example"] })).toEqual(first);
});

test("the fingerprint is the one a TLS client sees", async () => {
  const { cert, key, fingerprint } = await openCertificate(options());
  const server = createServer({ cert, key }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const socket = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", ca: cert });
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  const seen = socket.getPeerCertificate().fingerprint256.replaceAll(":", "").toLowerCase();
  socket.destroy();
  server.close();
  expect(Buffer.from(fingerprint).toString("hex")).toBe(seen);
});

test("given files are used, and what is wrong with them is named", async () => {
  const { cert, key } = await openCertificate(options());
  const at = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  const certPath = at("own.crt", cert);
  const keyPath = at("own.key", key);
  const otherKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const otherPath = at("other.key", otherKey.export({ format: "pem", type: "pkcs8" }).toString());
  const wrong = at("wrong.pem", "nothing");
  const missing = join(directory, "missing.pem");
  await expect(openCertificate({ ...options(), certPath, keyPath })).resolves.toMatchObject({ cert, key });
  const open = (files: { certPath?: string; keyPath?: string }) => openCertificate({ ...options(), ...files });
  await expect(open({ certPath, keyPath: otherPath })).rejects.toMatchObject({ code: "mismatch" });
  await expect(open({ certPath: missing, keyPath })).rejects.toMatchObject({ code: "unreadable" });
  await expect(open({ certPath: wrong, keyPath })).rejects.toMatchObject({ code: "not-a-certificate" });
  await expect(open({ certPath, keyPath: wrong })).rejects.toMatchObject({ code: "not-a-key" });
  await expect(open({ certPath })).rejects.toMatchObject({ code: "one-of-two" });
});
