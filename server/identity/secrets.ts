/** What the server must keep to itself: its signing key and the event's key, in one file only its owner can read. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import * as v from "valibot";
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import { EVENT_KEY_BYTES } from "../../shared/link/frames.ts";
import { SecretFileFault, readSecretFile, writeSecretFile } from "../files/secret-file.ts";
import { blotOut } from "./blot-out.ts";
import { newKeyPem, signingKey, type SigningKey } from "./ed25519.ts";

export interface ServerSecrets {
  signing: SigningKey;
  /** Under which tags become tag keys; sent to admitted stations only. Undefined once it was destroyed. */
  readonly eventKey: Uint8Array | undefined;
  /**
   * Destroy the event key for good: from memory at once, and from the file, where it may be tried again when the disk
   * did not let it go. Throws `SecretFileFault`.
   */
  destroyEventKey(): void;
}

/** A secrets file that cannot be read, written or understood. */
export class SecretsUnusable extends Error {
  readonly code = "secrets-unusable";
}

const SecretsFile = v.strictObject({
  signingKey: v.string(),
  /** Null once destroyed. */
  eventKey: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
});
type SecretsFile = v.InferOutput<typeof SecretsFile>;

/** What a destroyed key is overwritten with. */
const BLOT = "0".repeat(EVENT_KEY_BYTES * 2);

/** Read the secrets of a data directory; made at first use. Throws `SecretsUnusable`, `SecretFileFault`. */
export function openSecrets(directory: string): ServerSecrets {
  const path = join(directory, "secrets.json");
  try {
    const file = readSecrets(path) ?? makeSecrets(path);
    return keepSecrets(path, file);
  } catch (error) {
    if (error instanceof SecretFileFault) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    throw new SecretsUnusable(
      `The server's secrets in ${path} cannot be used (${cause}). Make the directory readable and writable for this ` +
        `user, or put the file back from a backup; a new file means enrolling every station again.`,
      { cause: error },
    );
  }
}

function keepSecrets(path: string, { signingKey: pem, eventKey: onDisk }: SecretsFile): ServerSecrets {
  let inFile = onDisk;
  // Blotted out and not replaced: the server was stopped in between.
  let eventKey = inFile === null || inFile === BLOT ? undefined : bytesOfHex(inFile);
  return {
    signing: signingKey(pem),
    get eventKey() {
      return eventKey;
    },
    destroyEventKey() {
      eventKey = undefined;
      if (inFile === null) return;
      blotOut(path, inFile, BLOT);
      // The rest of the file must outlive this, so it is written whole beside and takes its place.
      writeSecretFile(path, JSON.stringify({ signingKey: pem, eventKey: null } satisfies SecretsFile));
      inFile = null;
    },
  };
}

function readSecrets(path: string): SecretsFile | undefined {
  const text = readSecretFile(path);
  return text === undefined ? undefined : v.parse(SecretsFile, JSON.parse(text));
}

function makeSecrets(path: string): SecretsFile {
  const file = { signingKey: newKeyPem(), eventKey: toHex(randomBytes(EVENT_KEY_BYTES)) };
  writeSecretFile(path, JSON.stringify(file));
  return file;
}
