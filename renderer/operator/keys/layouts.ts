/** The keys on the screen. Rows of keys, each key what it types. */

export type KeyPurpose = "address" | "name";

const DIGITS = "1234567890".split("");
const LATIN = ["qwertyuiop", "asdfghjkl", "zxcvbnm"].map((row) => row.split(""));
const GERMAN = ["qwertzuiopü", "asdfghjklöä", "yxcvbnmß"].map((row) => row.split(""));
const ARABIC = ["ضصثقفغعهخحجد", "شسيبلاتنمكطذ", "ئءؤرىةوزظأإ"].map((row) => row.split(""));

/** Whole pieces of an address, and the signs between. */
const ADDRESS_SIGNS = ["https://", "http://", ".", ":", "/", "-", ".local", ":7070"];

export interface KeyLayout {
  readonly rows: readonly (readonly string[])[];
  /** Letters that have capitals. */
  readonly hasCapitals: boolean;
}

/** One layout for addresses; for names the one of the language first, and Latin letters where it has others. */
export function layoutsFor(purpose: KeyPurpose, language: string): readonly KeyLayout[] {
  if (purpose === "address") return [{ rows: [ADDRESS_SIGNS, DIGITS, ...LATIN], hasCapitals: false }];
  const latin: KeyLayout = { rows: [DIGITS, ...LATIN], hasCapitals: true };
  const spoken = language.split("-")[0];
  if (spoken === "ar") return [{ rows: [DIGITS, ...ARABIC], hasCapitals: false }, latin];
  return spoken === "de" ? [{ rows: [DIGITS, ...GERMAN], hasCapitals: true }] : [latin];
}
