/** Ed25519 as the station needs it: its own key signs, the server's key is checked. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";

export interface StationKey {
  /** Raw public key, 32 bytes. */
  publicKey: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}

/** A new key pair as PKCS#8 PEM. */
export function newStationKeyPem(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

/** The key behind a PEM; throws when it is not an Ed25519 private key. */
export function stationKey(pem: string): StationKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== "ed25519") throw new Error("it is not an Ed25519 private key");
  const { x } = createPublicKey(key).export({ format: "jwk" });
  if (x === undefined) throw new Error("the key has no public part");
  return {
    publicKey: new Uint8Array(Buffer.from(x, "base64url")),
    sign: (bytes) => new Uint8Array(sign(null, bytes, key)),
  };
}

/** Does the signature fit? A public key that is no point of the curve fits nothing. */
export function signatureFits(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    const x = Buffer.from(publicKey).toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    return verify(null, bytes, key, signature);
  } catch {
    return false;
  }
}
