/** Made-up badges for people without hardware. The UIDs start with 08, which ISO 14443-3 keeps for random ones. */

export interface Badge {
  readonly name: string;
  readonly uid: string;
}

export const BADGES: readonly Badge[] = [
  { name: "Ada", uid: "080000a1" },
  { name: "Ben", uid: "080000b2" },
  { name: "Chloé", uid: "080000c3" },
  { name: "Dilan", uid: "080000d4" },
];

/** A badge nobody has held up before. */
export function newUid(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  return `08${[...random(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
