/** Which virtual readers stand on the table, by number. Pure. */
import type { Outcome, ScreenReader } from "../../../shared/events/stream.ts";

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

/** The answer that this reader stands for; null: none of its own. `number` null: the one at which any answer is chosen. */
function answerOf(readers: readonly Pick<TableReader, "id" | "slot">[], number: number | null): number | null {
  const reader = readers.find(({ id }) => id === idOf(number));
  return reader === undefined ? number : reader.slot;
}

type TableReader = Pick<ScreenReader, "id" | "name" | "slot" | "chooses">;

/**
 * Does this reader's lamp show this outcome? One that is for no answer belongs to the reader that was tapped, and where none was,
 * to those whose voters touch the screen.
 */
export function showsAt(
  { option, reader }: Pick<Outcome, "option" | "reader">,
  readers: readonly TableReader[],
  number: number | null,
): boolean {
  if (option !== null) return option === answerOf(readers, number);
  const own = readers.find(({ id }) => id === idOf(number));
  return reader === null ? (own?.chooses ?? number === null) : reader === own?.name;
}

function idOf(number: number | null): string {
  return `virtual:${number ?? "choose"}`;
}
