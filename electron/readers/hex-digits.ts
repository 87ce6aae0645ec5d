/** The value of an ASCII hexadecimal digit (either case), or `undefined` for any other byte. */
export function hexDigit(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : undefined;
}

/** Pairs of digit values (0–15 each, high one first) as bytes. An odd digit at the end is left out. */
export function packDigits(digits: Uint8Array): Uint8Array {
  return Uint8Array.from(
    { length: digits.length >> 1 },
    (_, at) => ((digits[at * 2] ?? 0) << 4) | (digits[at * 2 + 1] ?? 0),
  );
}
