/** Keys of simulated stations: the same seed gives the same stations, so that a prepared data directory fits them. */
import { createHash, createPrivateKey, createPublicKey, hash, sign, type KeyObject } from "node:crypto";
import { concatBytes, fromHex } from "../../shared/bytes.ts";

/** PKCS#8 around a private key of RFC 8032 (RFC 8410 §7). */
const PKCS8_ED25519 = fromHex("302e020100300506032b657004220420") ?? new Uint8Array();

export const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(hash("sha256", bytes, "buffer"));

export interface StationKey {
  /** Raw, 32 bytes. */
  publicKey: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}

/** The key of station `number` among those of this seed. */
export function stationKey(seed: string, number: number): StationKey {
  const secret = createHash("sha256").update(`polling-station simulated ${seed} ${number}`).digest();
  const der = Buffer.from(concatBytes(PKCS8_ED25519, secret));
  const key: KeyObject = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return {
    publicKey: new Uint8Array(Buffer.from(x, "base64url")),
    sign: (bytes) => new Uint8Array(sign(null, bytes, key)),
  };
}
