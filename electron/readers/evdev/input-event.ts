/**
 * What the kernel says of a keyboard: `struct input_event` (linux/input.h) as 64-bit Linux writes it, 24 bytes each: seconds
 * and microseconds (8 each), type and code (2 each), value (4), all in the machine's byte order, which is little-endian on
 * every machine we run on.
 */

/** A key went down (1), up (0), or repeats because it is held (2). `atMs`: the kernel's clock, any origin. */
export interface KeyEvent {
  kind: "key";
  code: number;
  value: number;
  atMs: number;
}

/** `dropped`: we were too slow, and the kernel threw events away. */
export type InputEvent = KeyEvent | { kind: "dropped" };

export const INPUT_EVENT_BYTES = 24;

const EV_SYN = 0;
const EV_KEY = 1;
const SYN_DROPPED = 3;
const MICROSECONDS = 1_000_000;

export interface InputEventDecoder {
  push(bytes: Uint8Array): InputEvent[];
  /** Bytes of an unfinished event: fewer than `INPUT_EVENT_BYTES`. */
  readonly heldBytes: number;
}

/** Keys, and that some were lost; whatever else an input device says is passed over. Never throws. */
export function createInputEventDecoder(): InputEventDecoder {
  const held = new Uint8Array(INPUT_EVENT_BYTES);
  const view = new DataView(held.buffer);
  let length = 0;
  return {
    push(bytes) {
      const events: InputEvent[] = [];
      for (let at = 0; at < bytes.length;) {
        const part = bytes.subarray(at, at + INPUT_EVENT_BYTES - length);
        held.set(part, length);
        length += part.length;
        at += part.length;
        if (length < INPUT_EVENT_BYTES) break;
        length = 0;
        const event = readEvent(view);
        if (event !== undefined) events.push(event);
      }
      return events;
    },
    get heldBytes() {
      return length;
    },
  };
}

function readEvent(view: DataView): InputEvent | undefined {
  const [type, code] = [view.getUint16(16, true), view.getUint16(18, true)];
  if (type === EV_SYN && code === SYN_DROPPED) return { kind: "dropped" };
  if (type !== EV_KEY) return undefined;
  const microseconds = view.getBigInt64(0, true) * BigInt(MICROSECONDS) + view.getBigInt64(8, true);
  return { kind: "key", code, value: view.getInt32(20, true), atMs: Number(microseconds) / 1_000 };
}
