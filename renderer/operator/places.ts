/** The board: what readers can stand for, in order, each with the readers that do. */
import { MAX_OPTIONS } from "../../shared/domain/poll.ts";
import type { Target } from "../../shared/domain/mapping.ts";
import type { PanelReader, PanelState } from "../../shared/events/operator.ts";

export interface Place {
  readonly key: string;
  /** What a reader put here stands for. */
  readonly target: Target | null;
  /** `elsewhere`: readers of other questions, and of numbers that this one does not have; nothing is put there. */
  readonly kind: "answer" | "choose" | "none" | "elsewhere";
  readonly slot: number | null;
  /** The answer's words, when there is a question on the screen. */
  readonly label: string | null;
  readonly readers: readonly PanelReader[];
}

/** A table of readers seldom has more; the button "more numbers" adds as many again. */
export const NUMBERS_AT_FIRST = 8;

/** @param numbers how many numbers to offer while no question says how many there are */
export function layPlaces({ poll, readers }: Pick<PanelState, "poll" | "readers">, numbers: number): Place[] {
  const count = poll?.options.length ?? countOfNumbers(readers, numbers);
  const of = (place: string): PanelReader[] =>
    readers.filter(({ target }) => placeOf(target, poll?.id, count) === place);
  const answers = Array.from({ length: count }, (_, at): Place => {
    const slot = at + 1;
    const key = `answer-${slot}`;
    const label = poll?.options[at]?.label ?? null;
    return { key, kind: "answer", slot, label, target: { kind: "slot", slot }, readers: of(key) };
  });
  const elsewhere = of("elsewhere");
  const rest = { slot: null, label: null } as const;
  return [
    ...answers,
    { ...rest, key: "choose", kind: "choose", target: { kind: "choose" }, readers: of("choose") },
    { ...rest, key: "none", kind: "none", target: null, readers: of("none") },
    ...(elsewhere.length === 0
      ? []
      : [{ ...rest, key: "elsewhere", kind: "elsewhere", target: null, readers: elsewhere } as const]),
  ];
}

/** The key of the place that a target is shown at. */
function placeOf(target: Target | null, poll: string | undefined, count: number): string {
  if (target === null) return "none";
  switch (target.kind) {
    case "choose":
      return "choose";
    case "slot":
      return target.slot <= count ? `answer-${target.slot}` : "elsewhere";
    case "option":
      return target.poll === poll && target.option <= count ? `answer-${target.option}` : "elsewhere";
  }
}

/** As many as were asked for, and never fewer than are in use. */
function countOfNumbers(readers: readonly PanelReader[], numbers: number): number {
  const used = readers.map(({ target }) => (target?.kind === "slot" ? target.slot : 0));
  return Math.min(MAX_OPTIONS, Math.max(numbers, ...used));
}
