/** Electron's safeStorage as the station's seal: the keychain of macOS, DPAPI on Windows, a wallet on Linux. */
import type { Seal } from "../identity/seal.ts";

/** The part of Electron's safeStorage that is needed; main.ts passes the real one, which proves that it fits. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(bytes: Buffer): string;
}

/** Null where the platform keeps no key; to be asked only once Electron is ready. */
export function sealOf(storage: SafeStorage): Seal | null {
  if (!storage.isEncryptionAvailable()) return null;
  return {
    seal: (bytes) => new Uint8Array(storage.encryptString(Buffer.from(bytes).toString("base64"))),
    open(bytes) {
      try {
        return new Uint8Array(Buffer.from(storage.decryptString(Buffer.from(bytes)), "base64"));
      } catch {
        // Another user's, another computer's, or a keychain that stays locked.
        return undefined;
      }
    },
  };
}
