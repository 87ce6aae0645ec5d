import { expect, test } from "vitest";
import { sealOf, type SafeStorage } from "./seal.ts";

/** Like Electron's, with a version in front, and an error for what it did not encrypt itself. */
const storage = (available: boolean): SafeStorage => ({
  isEncryptionAvailable: () => available,
  encryptString: (text) => Buffer.from(`v10${text}`),
  decryptString(bytes) {
    const text = bytes.toString();
    if (!text.startsWith("v10")) throw new Error("Error while decrypting the ciphertext provided to safeStorage");
    return text.slice(3);
  },
});

test("seals any bytes with the platform's key, and opens only what was sealed with it", () => {
  const seal = sealOf(storage(true));
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  expect(seal?.open(seal.seal(bytes))).toEqual(bytes);
  expect(seal?.open(bytes)).toBeUndefined();
});

test("where the platform keeps no key there is no seal", () => {
  expect(sealOf(storage(false))).toBeNull();
});
