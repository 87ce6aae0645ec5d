/** Encryption at rest with a key that the platform keeps for this user, where there is one. */
export interface Seal {
  seal(bytes: Uint8Array): Uint8Array;
  /** Undefined when these bytes were not sealed by this user on this computer. */
  open(bytes: Uint8Array): Uint8Array | undefined;
}
