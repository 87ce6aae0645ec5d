/** When a signature is checked at once, and when in Node's pool of threads. */
import { verify, type KeyObject } from "node:crypto";

export type SignatureCheck = (key: KeyObject, bytes: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/**
 * A check takes some 150 µs, the way to the pool and back as long again. So one that comes while nothing else is being
 * checked is done at once, and a voter who taps alone hears sooner; the others, and so nearly all of a crowd's, go to the pool,
 * and the loop is never held up by more than one of them per turn.
 */
export function createSignatureCheck(atTurnsEnd: (run: () => void) => void = setImmediate): SignatureCheck {
  let inPool = 0;
  let isTurnUsed = false;
  return (key, bytes, signature) => {
    if (inPool === 0 && !isTurnUsed) {
      isTurnUsed = true;
      atTurnsEnd(() => (isTurnUsed = false));
      return Promise.resolve(fitsNow(key, bytes, signature));
    }
    inPool += 1;
    return new Promise((resolve) => {
      verify(null, bytes, key, signature, (error, fits) => {
        inPool -= 1;
        resolve(error === null && fits);
      });
    });
  };
}

function fitsNow(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(null, bytes, key, signature);
  } catch {
    // As from the pool: what cannot be checked does not fit.
    return false;
  }
}
