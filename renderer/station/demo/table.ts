/** Which virtual readers stand on the table, by number. Pure. */
import type { ScreenReader } from "../../../shared/events/stream.ts";

/** Readers to show while no poll says how many there are. */
const READERS_AT_REST = 5;
const NUMBERED = /^virtual:([0-9]+)$/;

/**
 * One for each answer; and of the others those that the operator made stand for something that can be voted for, or all
 * that the station has.
 */
export function readersOnTable(
  readers: readonly Pick<ScreenReader, "id" | "slot" | "chooses">[],
  options: number | undefined,
  withAll: boolean,
): number[] {
  const answers = options ?? READERS_AT_REST;
  const others = readers.flatMap(({ id, slot, chooses }) => {
    const number = NUMBERED.exec(id)?.[1];
    const counts = withAll || chooses || (slot !== null && slot <= answers);
    return number === undefined || !counts ? [] : [Number(number)];
  });
  const numbers = new Set([...Array.from({ length: answers }, (_, i) => i + 1), ...others]);
  return [...numbers].toSorted((a, b) => a - b);
}

/** The answer whose outcomes this reader's lamp shows; null: those that have none yet. */
export function answerOf(readers: readonly Pick<ScreenReader, "id" | "slot">[], number: number): number | null {
  const reader = readers.find(({ id }) => id === `virtual:${number}`);
  return reader === undefined ? number : reader.slot;
}
