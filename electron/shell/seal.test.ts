import { expect, test } from "vitest";
import { sealOf, type SafeStorage } from "./seal.ts";

/** Like Electron's, with a version in front, and an error for what it did not encrypt itself. */
const storage = (available: boolean, backend = "gnome_libsecret"): SafeStorage => ({
  isEncryptionAvailable: () => available,
  getSelectedStorageBackend: () => backend,
  encryptString: (text) => Buffer.from(`v10${text}`),
  decryptString(bytes) {
    const text = bytes.toString();
    if (!text.startsWith("v10")) throw new Error("Error while decrypting the ciphertext provided to safeStorage");
    return text.slice(3);
  },
});

test("seals any bytes with the platform's key, and opens only what was sealed with it", () => {
  const { seal } = sealOf(storage(true), "linux");
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  expect(seal?.open(seal.seal(bytes))).toEqual(bytes);
  expect(seal?.open(bytes)).toBeUndefined();
});

test("where the platform keeps no key there is no seal, and a line that says what to do", () => {
  expect(sealOf(storage(false), "darwin")).toMatchObject({
    seal: null,
    why: expect.stringMatching(/locked or missing\. Unlock it/),
  });
});

test("a password that everybody knows is no seal", () => {
  expect(sealOf(storage(true, "basic_text"), "linux")).toMatchObject({
    seal: null,
    why: expect.stringMatching(/has no keyring\. Install/),
  });
});

test("elsewhere than on Linux nobody is asked which keyring it is", () => {
  const asked = storage(true);
  asked.getSelectedStorageBackend = () => {
    throw new TypeError("it is not there");
  };
  expect(sealOf(asked, "win32").seal).not.toBeNull();
});
