/** Electron's safeStorage as the station's seal: the keychain of macOS, DPAPI on Windows, a wallet on Linux. */
import type { Seal } from "../identity/seal.ts";

/** The part of Electron's safeStorage that is needed; main.ts passes the real one, which proves that it fits. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  /** On Linux only. */
  getSelectedStorageBackend(): string;
  encryptString(text: string): Buffer;
  decryptString(bytes: Buffer): string;
}

/** `seal` null: the platform keeps no key, and `why` says so and what to do, for people. */
export type Sealing = { seal: Seal } | { seal: null; why: string };

/** To be asked only once Electron is ready. */
export function sealOf(storage: SafeStorage, platform: NodeJS.Platform): Sealing {
  const missing = whatIsMissing(storage, platform);
  if (missing !== undefined) {
    const why = `The event key is kept in a file that only this user can read, not encrypted: ${missing}.`;
    return { seal: null, why };
  }
  return {
    seal: {
      seal: (bytes) => new Uint8Array(storage.encryptString(Buffer.from(bytes).toString("base64"))),
      open(bytes) {
        try {
          return new Uint8Array(Buffer.from(storage.decryptString(Buffer.from(bytes)), "base64"));
        } catch {
          // Another user's, another computer's, or a keychain that stays locked.
          return undefined;
        }
      },
    },
  };
}

function whatIsMissing(storage: SafeStorage, platform: NodeJS.Platform): string | undefined {
  // Chromium then "encrypts" with a password that stands in its source: whoever reads the file reads the key.
  if (platform === "linux" && storage.getSelectedStorageBackend() === "basic_text") {
    return (
      "this session has no keyring. Install and unlock one (gnome-keyring or KWallet), or name it with " +
      "--password-store=gnome-libsecret, and start again"
    );
  }
  if (!storage.isEncryptionAvailable()) return "the system's key store is locked or missing. Unlock it and start again";
  return undefined;
}
