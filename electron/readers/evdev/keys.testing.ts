/** What a wedge and a person do to a keyboard, in the kernel's bytes, in evtest's words, and as events. For tests only. */
import { concatBytes } from "../../../shared/bytes.ts";
import { INPUT_EVENT_BYTES, type InputEvent, type KeyEvent } from "./input-event.ts";

const CODES: Record<string, number> = { "\n": 28, ",": 51, " ": 57, ";": 39, g: 34, x: 45 };
for (let digit = 1; digit <= 10; digit++) CODES[`${digit % 10}`] = 1 + digit;
for (const [at, code] of [30, 48, 46, 32, 18, 33].entries()) CODES["abcdef".charAt(at)] = code;

export const SHIFT = 42;
export const CTRL = 29;

export const key = (code: number, value: number, atMs: number): KeyEvent => ({ kind: "key", code, value, atMs });

/** Each key down, and up after a part of the time. @param startMs in whole milliseconds */
export function typing(text: string, everyMs: number, startMs = 1_700_000_000_000): KeyEvent[] {
  return Array.from(text).flatMap((character, at) => {
    const code = CODES[character.toLowerCase()] ?? 0;
    const atMs = startMs + at * everyMs;
    const press = [key(code, 1, atMs), key(code, 0, atMs + Math.floor(everyMs / 2))];
    const isCapital = character !== character.toLowerCase();
    return isCapital ? [key(SHIFT, 1, atMs), ...press, key(SHIFT, 0, atMs + Math.floor(everyMs / 2))] : press;
  });
}

/** As the kernel writes it, with the scan code before and the report after each key. */
export function asBytes(events: readonly InputEvent[]): Uint8Array {
  return concatBytes(
    ...events.flatMap((event) => {
      if (event.kind === "dropped") return [record(0, 0, 3, 0)];
      const { atMs, code, value } = event;
      return [record(atMs, 4, 4, 0x7001e), record(atMs, 1, code, value), record(atMs, 0, 0, 0)];
    }),
  );
}

function record(atMs: number, type: number, code: number, value: number): Uint8Array {
  const bytes = new Uint8Array(INPUT_EVENT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, BigInt(Math.floor(atMs / 1_000)), true);
  view.setBigInt64(8, BigInt(Math.round((atMs % 1_000) * 1_000)), true);
  view.setUint16(16, type, true);
  view.setUint16(18, code, true);
  view.setInt32(20, value, true);
  return bytes;
}

/** What evtest prints before the first key. */
export const EVTEST_HEAD = `Input driver version is 1.0.1
Input device ID: bus 0x3 vendor 0xffff product 0x35 version 0x110
Input device name: "Sycreader RFID Technology Co., Ltd SYC ID&IC USB Reader"
Supported events:
  Event type 0 (EV_SYN)
  Event type 1 (EV_KEY)
    Event code 2 (KEY_1)
    Event code 28 (KEY_ENTER)
  Event type 4 (EV_MSC)
    Event code 4 (MSC_SCAN)
Key repeat handling:
  Repeat type 20 (EV_REP)
    Repeat code 0 (REP_DELAY)
      Value    250
Properties:
Testing ... (interrupt to exit)
`;

/** And where another program has the device. */
export const EVTEST_TAKEN = `***********************************************
  This device is grabbed by another process.
  No events are available to evtest while the
  other grab is active.
  In most cases, this is caused by an X driver,
  try VT-switching and re-run evtest again.
  Run the following command to see processes with
  an open fd on this device
 "fuser -v /dev/input/event5"
***********************************************
`;

/** As evtest 1.35 prints them. */
export function asEvtest(events: readonly InputEvent[]): string {
  return events
    .map((event) => {
      if (event.kind === "dropped") return "Event: time 0.000000, >>>>>>>>>>>>>> SYN_DROPPED <<<<<<<<<<<<\n";
      const seconds = Math.floor(event.atMs / 1_000);
      const time = `${seconds}.${`${Math.round((event.atMs % 1_000) * 1_000)}`.padStart(6, "0")}`;
      return (
        `Event: time ${time}, type 4 (EV_MSC), code 4 (MSC_SCAN), value 7001e\n` +
        `Event: time ${time}, type 1 (EV_KEY), code ${event.code} (KEY_X), value ${event.value}\n` +
        `Event: time ${time}, -------------- SYN_REPORT ------------\n`
      );
    })
    .join("");
}
