/** What pcscd answers, as bytes. For tests only. */
import { concatBytes } from "../../../shared/bytes.ts";
import { MAX_PCSCD_READERS, NAME_BYTES } from "./messages.ts";

export function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of values.entries()) view.setUint32(at * 4, value >>> 0, true);
  return bytes;
}

export interface ListedForTest {
  name: string;
  events: number;
  /** 2 absent, 4 present, and pcscd's other bits. */
  state: number;
  atr: Uint8Array;
}

/** All sixteen places. */
export function listOf(readers: readonly ListedForTest[]): Uint8Array {
  const empty: ListedForTest = { name: "", events: 0, state: 0, atr: new Uint8Array() };
  const places = Array.from({ length: MAX_PCSCD_READERS }, (_, at) => readers[at] ?? empty);
  return concatBytes(
    ...places.map(({ name, events, state, atr }) => {
      const text = new Uint8Array(NAME_BYTES);
      new TextEncoder().encodeInto(name, text);
      const room = new Uint8Array(36);
      room.set(atr);
      return concatBytes(text, words(events, state, 0), room, words(atr.length, 0));
    }),
  );
}
