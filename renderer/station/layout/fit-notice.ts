/** How large a notice may be: up to the instruction it replaces, as far as its sentence fits. */
import { countLines } from "./fit-text.ts";
import type { Box, MeasuredText } from "./fit-text.ts";

// In units of type. The most is the size of .how in station.css.
const LEAST = 1.7;
const MOST = 2.5;
const STEPS = 8;
// In em of the notice, as in station.css: its padding and picture, the gaps between its parts, the name's letters.
const PADDING_AND_PICTURE = 4;
const GAP = 0.7;
const NAME = 1.5;
/** Of the notice: a longer name is cut there, as .notice b in station.css does. */
const NAME_SHARE = 0.36;

/** In pixels. `nameWidth` is that of the number or reader before the sentence at a font size of 1 px, 0 for none. */
export function fitNotice(sentence: MeasuredText, nameWidth: number, room: Box, type: number): number {
  for (let step = STEPS; step > 0; step--) {
    const sizePx = type * (LEAST + ((MOST - LEAST) * step) / STEPS);
    const name = nameWidth === 0 ? 0 : Math.min(nameWidth * NAME * sizePx, NAME_SHARE * room.width) + GAP * sizePx;
    const width = room.width - (PADDING_AND_PICTURE + GAP) * sizePx - name;
    if (width <= 0 || Math.max(0, ...sentence.words) * sizePx > width) continue;
    if (countLines(sentence, width, sizePx) * sizePx * sentence.lineHeight <= room.height * 0.94) return sizePx;
  }
  return type * LEAST;
}
