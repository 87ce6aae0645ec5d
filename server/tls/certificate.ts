/** The certificate the server shows beyond loopback: the organiser's own, or one made once and kept for good. */
import { X509Certificate, createHash, createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { generate } from "selfsigned";
import { readSecretFile, writeSecretFile } from "../files/secret-file.ts";

export const CERTIFICATE_FILE = "tls-certificate.pem";
export const KEY_FILE = "tls-key.pem";
/** Stations pin it; a certificate that runs out in the middle of an event helps nobody. */
const VALID_YEARS = 10;

export interface Certificate {
  /** PEM, the server's own first. */
  cert: string;
  key: string;
  /** SHA-256 of the certificate's DER, 32 bytes: what stations pin and sign. */
  fingerprint: Uint8Array;
}

export interface CertificateOptions {
  /** Where a self-made one is kept. */
  directory: string;
  /** Paths of the organiser's own PEM files: both or none. */
  certPath?: string | undefined;
  keyPath?: string | undefined;
  /** Names and addresses a self-made one is for. */
  hosts: readonly string[];
  clock: () => number;
}

export type CertificateFaultCode = "one-of-two" | "unreadable" | "not-a-certificate" | "not-a-key" | "mismatch";

/** No certificate to be had. The message is one line: which file, what is wrong, what to do. */
export class CertificateFault extends Error {
  readonly code: CertificateFaultCode;
  constructor(code: CertificateFaultCode, what: string, cause?: unknown) {
    super(cause instanceof Error ? `${what} (${cause.message})` : what, { cause });
    this.name = "CertificateFault";
    this.code = code;
  }
}

/** Read the given files, else the kept ones, else make and keep one. Throws `CertificateFault`, `SecretFileFault`. */
export async function openCertificate(options: CertificateOptions): Promise<Certificate> {
  const { directory, certPath, keyPath } = options;
  if (certPath !== undefined && keyPath !== undefined) return checked(read(certPath), certPath, read(keyPath), keyPath);
  if (certPath !== undefined || keyPath !== undefined) {
    const missing = certPath === undefined ? "--cert" : "--key";
    throw new CertificateFault("one-of-two", `${missing} is missing: give --cert and --key together, or neither.`);
  }
  const keptCert = join(directory, CERTIFICATE_FILE);
  const keptKey = join(directory, KEY_FILE);
  const cert = readSecretFile(keptCert);
  const key = readSecretFile(keptKey);
  // Never made anew by itself, even when damaged: every station has pinned it.
  if (cert !== undefined && key !== undefined) return checked(cert, keptCert, key, keptKey);
  const made = await make(options);
  // The key first: a certificate without its key would look kept.
  writeSecretFile(keptKey, made.key);
  writeSecretFile(keptCert, made.cert);
  return checked(made.cert, keptCert, made.key, keptKey);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new CertificateFault("unreadable", `${path} cannot be read; check the path and its permissions`, error);
  }
}

function checked(cert: string, certPath: string, key: string, keyPath: string): Certificate {
  const certificate = parsed("not-a-certificate", `${certPath} holds no certificate in PEM form`, () => {
    return new X509Certificate(cert);
  });
  const privateKey = parsed("not-a-key", `${keyPath} holds no private key in PEM form without a passphrase`, () => {
    return createPrivateKey(key);
  });
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CertificateFault(
      "mismatch",
      `${keyPath} is not the key of ${certPath}: give the pair that belongs together.`,
    );
  }
  // What a key too short, or a chain with rubbish in it, would be found out by no sooner than when listening.
  parsed("not-a-certificate", `${certPath} and ${keyPath} cannot be served by TLS`, () => {
    return createSecureContext({ cert, key, minVersion: "TLSv1.2" });
  });
  return { cert, key, fingerprint: new Uint8Array(createHash("sha256").update(certificate.raw).digest()) };
}

function parsed<Parsed>(code: CertificateFaultCode, what: string, parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    throw new CertificateFault(code, what, error);
  }
}

async function make({ hosts, clock }: CertificateOptions): Promise<{ cert: string; key: string }> {
  const now = new Date(clock());
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + VALID_YEARS);
  const names = [...new Set([...hosts, "localhost", "127.0.0.1", "::1"])];
  const made = await generate([{ name: "commonName", value: "Polling Station" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: now,
    notAfterDate: end,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}
