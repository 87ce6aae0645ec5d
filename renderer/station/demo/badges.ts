/**
 * Made-up badges for people without hardware. Their numbers have seven bytes and begin with 00, which ISO/IEC 7816-6 gives to
 * no maker; those of four bytes that begin with 08 would count as random ones.
 */

export interface Badge {
  readonly name: string;
  readonly uid: string;
}

export const BADGES: readonly Badge[] = [
  { name: "Ada", uid: "000000000000a1" },
  { name: "Ben", uid: "000000000000b2" },
  { name: "Chloé", uid: "000000000000c3" },
  { name: "Dilan", uid: "000000000000d4" },
];

/** A badge nobody has held up before. */
export function newUid(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  return `00${[...random(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
