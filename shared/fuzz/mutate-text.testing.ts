/** Lines and documents near valid ones. For tests only. */
import type { Random } from "../domain/model/random.testing.ts";
import { TEXTS } from "./mutate-tree.testing.ts";

/** A run of characters that is dropped or doubled. */
const MAX_RUN = 20;
/** How often a run is repeated to make a text long: past the bounds of bodies for one, below a second's work for all. */
const MANY = 2_000;
const PRINTABLE_FROM = 32;
const PRINTABLE = 95;

/** A sample with a few damages; one of sixteen is left as it is. */
export function mutateText(random: Random, samples: readonly string[]): string {
  let text = random.pick(samples) ?? "";
  if (random.oneIn(16)) return text;
  for (let left = 1 + random.below(3); left > 0; left--) text = damage(random, text, samples);
  return text;
}

function damage(random: Random, text: string, samples: readonly string[]): string {
  const at = random.below(text.length + 1);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  const run = text.slice(at, at + 1 + random.below(MAX_RUN));
  switch (random.below(8)) {
    case 0:
      return before;
    case 1:
      return before + text.slice(at + run.length);
    case 2:
      return before + run + after;
    case 3:
      return before + (random.oneIn(50) ? run.repeat(MANY) : run.repeat(3)) + after;
    case 4:
      return before + String.fromCharCode(PRINTABLE_FROM + random.below(PRINTABLE)) + after;
    case 5:
      return before + String.fromCharCode(PRINTABLE_FROM + random.below(PRINTABLE)) + text.slice(at + 1);
    case 6: {
      const other = random.pick(samples) ?? "";
      return before + other.slice(random.below(other.length + 1));
    }
    default:
      return before + (random.pick(TEXTS) ?? "") + after;
  }
}
