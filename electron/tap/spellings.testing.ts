/** One tag's number in every way that readers write it. For tests only. */
import { toHex } from "../../shared/bytes.ts";
import { PLAIN_FORMAT, type UidFormat } from "../../shared/domain/mapping.ts";
import type { SeenTag, TagTechnology } from "./seen-tag.ts";

/** A device that gives numbers in its own way, and the settings under which they are right. */
export interface Spelling {
  name: string;
  /** What it reads. */
  reads: "lf" | "hf";
  /** Bits of a 125 kHz number that it keeps. */
  keeps: 24 | 32;
  spell(number: Uint8Array): SeenTag;
  format: UidFormat;
}

const digits = (text: string): SeenTag => ({ form: "digits", digits: text, technology: "unknown" });
const bytes = (number: Uint8Array, technology: TagTechnology): SeenTag => ({
  form: "bytes",
  bytes: number,
  technology,
});
const turned = (number: Uint8Array, reversed: boolean) => (reversed ? number.toReversed() : number);
const decimal = (number: Uint8Array, width: number) =>
  BigInt(`0x${toHex(number)}`)
    .toString()
    .padStart(width, "0");
const wiegand = ([high = 0, mid = 0, low = 0]: Uint8Array, comma: string) =>
  `${high}`.padStart(3, "0") + comma + `${mid * 256 + low}`.padStart(5, "0");

/** Ways to write a 125 kHz number of 5 bytes. */
export const LF_SPELLINGS: readonly Spelling[] = [false, true].flatMap((reversed) => {
  const format = { ...PLAIN_FORMAT, technology: "lf", reversed } as const;
  const name = reversed ? ", last byte first" : "";
  const common = { reads: "lf", keeps: 32 } as const;
  return [
    { ...common, name: `5 bytes${name}`, format, spell: (all) => bytes(turned(all, reversed), "lf") },
    {
      ...common,
      name: `10 digits${name}`,
      format: { ...format, digits: "decimal" },
      spell: (all) => digits(decimal(turned(all.slice(1), reversed), 10)),
    },
    {
      ...common,
      name: `13 digits${name}`,
      format: { ...format, digits: "decimal" },
      spell: (all) => digits(decimal(turned(all, reversed), 13)),
    },
    {
      ...common,
      name: `8 hex digits${name}`,
      format: { ...format, digits: "hex" },
      spell: (all) => digits(toHex(turned(all.slice(1), reversed)).toUpperCase()),
    },
    {
      ...common,
      name: `10 hex digits${name}`,
      format: { ...format, digits: "hex" },
      spell: (all) => digits(toHex(turned(all, reversed))),
    },
    {
      ...common,
      keeps: 24,
      name: `3+5${name}`,
      format: { ...format, digits: "wiegand" },
      spell: (all) => digits(wiegand(turned(all.slice(2), reversed), ",")),
    },
    {
      ...common,
      keeps: 24,
      name: `3+5 without comma${name}`,
      format: { ...format, digits: "wiegand" },
      spell: (all) => digits(wiegand(turned(all.slice(2), reversed), "")),
    },
    {
      ...common,
      keeps: 24,
      name: `6 hex digits${name}`,
      format: { ...format, digits: "hex" },
      spell: (all) => digits(toHex(turned(all.slice(2), reversed))),
    },
  ] satisfies Spelling[];
});

/** Ways to write a UID of 4, 7 or 10 bytes at 13.56 MHz. */
export const HF_SPELLINGS: readonly Spelling[] = [false, true].flatMap((reversed) => {
  const format = { ...PLAIN_FORMAT, technology: "hf", reversed } as const;
  const name = reversed ? ", last byte first" : "";
  const common = { reads: "hf", keeps: 32 } as const;
  const widths = new Map([
    [4, 10],
    [7, 17],
    [10, 25],
  ]);
  return [
    { ...common, name: `bytes${name}`, format, spell: (uid) => bytes(turned(uid, reversed), "hf") },
    {
      ...common,
      name: `hex${name}`,
      format: { ...format, digits: "hex" },
      spell: (uid) => digits(toHex(turned(uid, reversed))),
    },
    {
      ...common,
      name: `decimal${name}`,
      format: { ...format, digits: "decimal" },
      spell: (uid) => digits(decimal(turned(uid, reversed), widths.get(uid.length) ?? 0)),
    },
  ] satisfies Spelling[];
});

/** The first byte says who made it (ISO/IEC 7816-6) or is a mark, and is never zero in a longer one. */
export const isHfUid = (uid: Uint8Array) => uid.length === 4 || uid[0] !== 0;
