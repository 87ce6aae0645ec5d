/** Ed25519 keys as the link carries them: 32 raw bytes. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from "node:crypto";

export interface SigningKey {
  /** Raw public key, 32 bytes. */
  publicKey: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}

/** A new key pair as PKCS#8 PEM. */
export function newKeyPem(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

/** The key behind a PEM; throws when it is not an Ed25519 private key. */
export function signingKey(pem: string): SigningKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== "ed25519") throw new Error("not an Ed25519 private key");
  const { x } = createPublicKey(key).export({ format: "jwk" });
  if (x === undefined) throw new Error("the key has no public part");
  return {
    publicKey: new Uint8Array(Buffer.from(x, "base64url")),
    sign: (bytes) => new Uint8Array(sign(null, bytes, key)),
  };
}

/** A key that checks signatures; `undefined` when the 32 bytes are no point of the curve. */
export function verifyingKey(publicKey: Uint8Array): KeyObject | undefined {
  try {
    const x = Buffer.from(publicKey).toString("base64url");
    return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  } catch {
    return undefined;
  }
}

/** The same at once, for the one signature of a handshake; a public key that is no point of the curve fits nothing. */
export function signatureFits(
  publicKey: Uint8Array,
  bytes: Uint8Array,
  signature: Uint8Array,
  keyOf = verifyingKey,
): boolean {
  const key = keyOf(publicKey);
  return key !== undefined && verify(null, bytes, key, signature);
}
