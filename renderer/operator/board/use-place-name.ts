import type { Target } from "../../../shared/domain/mapping.ts";
import type { PanelState } from "../../../shared/events/operator.ts";
import { fill } from "../../../shared/sentences/fill.ts";
import { useWords } from "../../ui/words-context.ts";
import type { PageState } from "../step.ts";
import { useText } from "../text/text.ts";

/** What a target is called: its number, and the answer's words where the question on the screen has them. */
export function usePlaceName(): (target: Target, poll: PanelState["poll"]) => string {
  const { readers: text } = useText();
  const words = useWords();
  return (target, poll) => {
    if (target.kind === "choose") return text.choose;
    const slot = target.kind === "slot" ? target.slot : target.option;
    const isHere = target.kind === "slot" || target.poll === poll?.id;
    const label = isHere ? poll?.options[slot - 1]?.label : undefined;
    const number = fill(text.answer, { n: words.number(slot) });
    return label === undefined ? number : `${number}, ${label}`;
  };
}

/** Where the reader that moved last stands now, as a sentence; "" before any moved. */
export function useMovedLine(page: PageState, state: PanelState): string {
  const { readers: text } = useText();
  const nameOf = usePlaceName();
  const reader = state.readers.find(({ id }) => id === page.moved);
  if (reader === undefined) return "";
  return reader.target === null
    ? fill(text.unmoved, { name: reader.name })
    : fill(text.moved, { name: reader.name, place: nameOf(reader.target, state.poll) });
}
