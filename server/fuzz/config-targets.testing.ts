/** What the server is started with, fuzzed: its flags, its secrets, the organiser's password, certificates. For tests only. */
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateText } from "../../shared/fuzz/mutate-text.testing.ts";
import { mutateTree } from "../../shared/fuzz/mutate-tree.testing.ts";
import { readPassword } from "../admin/admin.ts";
import { verifyPassword } from "../admin/password.ts";
import { SecretFileFault } from "../files/secret-file.ts";
import { parseServerFlags } from "../flags.ts";
import { newKeyPem } from "../identity/ed25519.ts";
import { SecretsUnusable, openSecrets } from "../identity/secrets.ts";
import { CertificateFault, openCertificate, type Certificate } from "../tls/certificate.ts";

/** A password's check costs a thousand times its reading. */
const CHECKED_ONE_IN = 200;

/** @param directory an empty one on a disk that is quick to write: memory, where there is such */
export function configTargets(directory: string, certificate: Certificate): Target[] {
  return [flagTarget(), secretsTarget(directory), passwordTarget(directory), certificateTarget(directory, certificate)];
}

const LINES = [
  ["--data", "./data/server", "--host", "0.0.0.0", "--port", "7070"],
  ["--host=::", "--port=0", "--cert", "c.pem", "--key", "k.pem", "--name", "votes.example", "--name", "other"],
  ["--help"],
  [],
];
/** The longest refusal: a line of bearable length. */
const MAX_WHY_LENGTH = 1_000;

function flagTarget(): Target {
  return {
    name: "the server's flags",
    outcomes: ["read", "refused"],
    next(random) {
      const line = random.pick(LINES) ?? [];
      const changed = mutateTree(
        random,
        [...line],
        LINES.map((other) => [...other]),
      );
      const words = Array.isArray(changed) ? changed.filter((word) => typeof word === "string") : [...line];
      const args = words.map((word) => (random.oneIn(3) ? mutateText(random, [word]) : word));
      return {
        shown: () => JSON.stringify(args),
        attempt() {
          const parsed = parseServerFlags(args);
          if (!parsed.ok) {
            must(parsed.why !== "" && parsed.why.length <= MAX_WHY_LENGTH, "a refusal is a line of bearable length");
            must(!/[\p{Cc}\u2028\u2029]/u.test(parsed.why), "a refusal is one line without control characters");
            return "refused";
          }
          const { port, directory, host, cert, key } = parsed.flags;
          must(Number.isInteger(port) && port >= 0 && port <= 65_535, "a port is one");
          must(directory !== "" && host !== "" && (cert === undefined) === (key === undefined), "nothing is left out");
          return "read";
        },
      };
    },
  };
}

function secretsTarget(directory: string): Target {
  const samples = [
    JSON.stringify({ signingKey: newKeyPem(), eventKey: "ab".repeat(32) }),
    JSON.stringify({ signingKey: newKeyPem(), eventKey: null }),
  ];
  return {
    name: "the server's secrets",
    outcomes: ["read", "refused"],
    next(random) {
      const text = mutateText(random, samples);
      return {
        shown: () => JSON.stringify(text),
        attempt() {
          writeFileSync(join(directory, "secrets.json"), text);
          try {
            const { signing, eventKey } = openSecrets(directory);
            must(signing.publicKey.length === 32 && (eventKey?.length ?? 32) === 32, "keys have their length");
            return "read";
          } catch (error) {
            if (error instanceof SecretsUnusable || error instanceof SecretFileFault) return "refused";
            throw error;
          }
        },
      };
    },
  };
}

function passwordTarget(directory: string): Target {
  const samples = [2, 16, 32_768].map((n) =>
    JSON.stringify({ password: { n, salt: "0a".repeat(16), hash: "0b".repeat(32) } }),
  );
  const path = join(directory, "admin.json");
  return {
    name: "the organiser's password",
    outcomes: ["read", "damaged"],
    next(random) {
      const text = mutateText(random, samples);
      const checked = random.oneIn(CHECKED_ONE_IN);
      return {
        shown: () => JSON.stringify(text),
        async attempt() {
          writeFileSync(path, text);
          try {
            const stored = readPassword(path);
            must(stored !== undefined, "there is one");
            // Whatever was taken can be compared with.
            if (stored !== undefined && (checked || !samples.includes(text)) && stored.n < 1_024)
              must(!(await verifyPassword(stored, "guess")), "and a guess is none");
            return "read";
          } catch (error) {
            if (error instanceof SecretFileFault) return error.code;
            throw error;
          }
        },
      };
    },
  };
}

function certificateTarget(directory: string, { cert, key }: Certificate): Target {
  const [certPath, keyPath] = [join(directory, "cert.pem"), join(directory, "key.pem")];
  const others = ["ed25519", "x25519"] as const;
  const keys = others.map((type) => newPem(type));
  return {
    name: "certificates",
    outcomes: ["read", "not-a-certificate", "not-a-key", "mismatch"],
    next(random) {
      const which = random.below(3);
      const [certText, keyText] = [
        which === 1 ? cert : mutateText(random, [cert, cert, `${cert}${cert}`]),
        which === 0 ? key : mutateText(random, [key, key, key, ...keys]),
      ];
      return {
        shown: () => JSON.stringify({ certText, keyText }),
        async attempt() {
          writeFileSync(certPath, certText);
          writeFileSync(keyPath, keyText);
          try {
            const read = await openCertificate({ directory, certPath, keyPath, hosts: [], clock: () => 0 });
            must(read.fingerprint.length === 32, "it has a fingerprint");
            return "read";
          } catch (error) {
            if (error instanceof CertificateFault) return error.code;
            throw error;
          }
        },
      };
    },
  };
}

function newPem(type: "ed25519" | "x25519"): string {
  const format = { format: "pem", type: "pkcs8" } as const;
  const { privateKey } = type === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519");
  return privateKey.export(format).toString();
}
