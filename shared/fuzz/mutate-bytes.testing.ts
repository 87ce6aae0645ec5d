/** Bytes near valid ones: what lines, disks and people with a hex editor make of them. For tests only. */
import { concatBytes } from "../bytes.ts";
import type { Random } from "../domain/model/random.testing.ts";

/** Damages of one input: one is what happens, several together find what hides behind the first check. */
const MAX_DAMAGES = 4;
/** A run of bytes that is doubled, dropped or overwritten. */
const MAX_RUN = 40;

/** A sample with a few damages; one of sixteen is left as it is. */
export function mutateBytes(random: Random, samples: readonly Uint8Array[]): Uint8Array {
  let bytes: Uint8Array = random.pick(samples) ?? new Uint8Array();
  if (random.oneIn(16)) return bytes.slice();
  for (let left = 1 + random.below(MAX_DAMAGES); left > 0; left--) bytes = damage(random, bytes, samples);
  return bytes;
}

function damage(random: Random, bytes: Uint8Array, samples: readonly Uint8Array[]): Uint8Array {
  const at = random.below(bytes.length + 1);
  const run = 1 + random.below(MAX_RUN);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (random.below(8)) {
    case 0:
      return at < bytes.length ? bytes.with(at, (bytes[at] ?? 0) ^ (1 << random.below(8))) : bytes;
    case 1:
      return at < bytes.length ? bytes.with(at, random.pick(TELLING) ?? random.below(256)) : bytes;
    case 2:
      return before.slice();
    case 3:
      return concatBytes(before, bytes.subarray(at + run));
    case 4:
      return concatBytes(before, bytes.subarray(at, at + run), after);
    case 5:
      return concatBytes(
        before,
        Uint8Array.from({ length: run }, () => random.below(256)),
        after,
      );
    case 6: {
      const other = random.pick(samples) ?? bytes;
      return concatBytes(before, other.subarray(random.below(other.length + 1)));
    }
    default:
      return concatBytes(before, random.pick(HOSTILE) ?? new Uint8Array(), after);
  }
}

/** Bytes on which parsers branch: heads of CBOR, line ends, STX and ETX, quotes, ends of ranges. */
const TELLING = [
  0x00, 0x01, 0x02, 0x03, 0x09, 0x0a, 0x0d, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1f, 0x20, 0x22, 0x3a, 0x40, 0x58, 0x5f,
  0x60, 0x78, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xd8, 0xf4, 0xf6, 0xf7, 0xf9, 0xfb, 0xff,
];

const DEEP = 3_000;

/** Runs that ask for much, in little: of CBOR, of UTF-8, of JSON. */
const HOSTILE: readonly Uint8Array[] = [
  // Byte string, text, array and map of 2^32 and of 2^53 - 1 items that do not come.
  Uint8Array.of(0x5a, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0x7b, 0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0x9b, 0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0xba, 0xff, 0xff, 0xff, 0xff),
  // Arrays in arrays, and indefinite ones, tags on tags.
  new Uint8Array(DEEP).fill(0x81),
  new Uint8Array(DEEP).fill(0x9f),
  new Uint8Array(DEEP).fill(0xc1),
  // Overlong UTF-8, a lone surrogate, a byte order mark, a code point past the last.
  Uint8Array.of(0x62, 0xc0, 0x80),
  Uint8Array.of(0x63, 0xed, 0xa0, 0x80),
  Uint8Array.of(0x63, 0xef, 0xbb, 0xbf),
  Uint8Array.of(0x64, 0xf4, 0x90, 0x80, 0x80),
  // Negative, float, NaN, undefined, a number above 2^53, break.
  Uint8Array.of(0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0xf9, 0x7e, 0x00),
  Uint8Array.of(0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0),
  Uint8Array.of(0xf7),
  Uint8Array.of(0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0xff),
];
