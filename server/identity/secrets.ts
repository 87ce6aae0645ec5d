/** What the server must keep to itself: its signing key and the event's key, in one file only its owner can read. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import * as v from "valibot";
import { fromHex, toHex } from "../../shared/bytes.ts";
import { EVENT_KEY_BYTES } from "../../shared/link/frames.ts";
import { SecretFileFault, readSecretFile, writeSecretFile } from "../files/secret-file.ts";
import { newKeyPem, signingKey, type SigningKey } from "./ed25519.ts";

export interface ServerSecrets {
  signing: SigningKey;
  /** Under which tags become tag keys; sent to admitted stations only. */
  eventKey: Uint8Array;
}

/** A secrets file that cannot be read, written or understood. */
export class SecretsUnusable extends Error {
  readonly code = "secrets-unusable";
}

const SecretsFile = v.strictObject({ signingKey: v.string(), eventKey: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) });

/** Read the secrets of a data directory; made at first use. Throws `SecretsUnusable`, `SecretFileFault`. */
export function openSecrets(directory: string): ServerSecrets {
  const path = join(directory, "secrets.json");
  try {
    const file = readSecrets(path) ?? makeSecrets(path);
    const eventKey = fromHex(file.eventKey);
    if (eventKey === undefined) throw new Error("the event key is not hexadecimal");
    return { signing: signingKey(file.signingKey), eventKey };
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

function readSecrets(path: string): v.InferOutput<typeof SecretsFile> | undefined {
  const text = readSecretFile(path);
  return text === undefined ? undefined : v.parse(SecretsFile, JSON.parse(text));
}

function makeSecrets(path: string): v.InferOutput<typeof SecretsFile> {
  const file = { signingKey: newKeyPem(), eventKey: toHex(randomBytes(EVENT_KEY_BYTES)) };
  writeSecretFile(path, JSON.stringify(file));
  return file;
}
