/** PINs that whoever tries a handful tries first. */

/**
 * Often chosen, and of none of the forms below (DataGenetics' count of 3.4 million PINs, 2012): together with those some
 * quarter of all PINs that people choose.
 */
const COMMON = new Set([
  "1004",
  "1122",
  "1123",
  "2580",
  "0852",
  "1478",
  "3698",
  "1379",
  "1397",
  "112233",
  "159753",
  "147258",
]);
/** Of somebody's birth, or this one. */
const YEAR = /^(?:19|20)\d\d$/;
/** A short piece again and again, one digit too: 7777, 1212, 123123. */
const REPEATED = /^(\d{1,4})\1+$/;

/** @param pin digits only */
export function isWeakPin(pin: string): boolean {
  return COMMON.has(pin) || YEAR.test(pin) || REPEATED.test(pin) || isRun(pin);
}

/** 1234, 9876, 7890, 2468: each digit as far from the one before it. */
function isRun(pin: string): boolean {
  const digits = Array.from(pin, Number);
  const steps = digits.slice(1).map((digit, at) => (digit - (digits[at] ?? 0) + 10) % 10);
  return new Set(steps).size === 1;
}
