/**
 * Lamp and buzzer of the ACR122U: `FF 00 40 P2 04 T1 T2 n link` (ACS, ACR122U API 2.04, "Bi-color LED and Buzzer
 * Control"). P2: bits 4 and 5 red and green in the first part of a blink, bits 6 and 7 which of them blink; the lower bits, the
 * lamp afterwards, stay 0: as it was. T1 and T2 in tenths of a second, n blinks, link 1: sound in T1. The reader does nothing
 * else meanwhile, so it is short.
 */
import type { Signal } from "../driver.ts";

const SIGNALS: Record<Signal, Uint8Array> = {
  /** Green and one tone of 0.2 s. */
  good: Uint8Array.of(0xff, 0x00, 0x40, 0xe0, 0x04, 0x02, 0x00, 0x01, 0x01),
  /** Red and one long tone of 0.5 s. Several short ones would let green shine between them: the second part is the inverse. */
  bad: Uint8Array.of(0xff, 0x00, 0x40, 0xd0, 0x04, 0x05, 0x00, 0x01, 0x01),
};

/**
 * What to send to this reader's card connection; null: it has nothing we know how to work. It passes the reader only with a
 * card there: without one it were an escape command, which pcscd's CCID driver keeps locked.
 */
export function signalCommands(title: string): Record<Signal, Uint8Array> | null {
  return title.includes("ACR122U") ? SIGNALS : null;
}
