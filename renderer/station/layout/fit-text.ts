/** Whether a text fits a box and how large it may be, by the widths of its words. Pure: the measuring is done before. */

/** Widths in pixels at a font size of 1 px. */
export interface MeasuredText {
  readonly words: readonly number[];
  readonly space: number;
  /** As a factor of the font size: scripts with marks above and below need more. */
  readonly lineHeight: number;
}

export interface Box {
  readonly width: number;
  readonly height: number;
}

// Rendering rounds glyph positions and balances lines; a line filled to the last pixel may break otherwise there.
const SAFETY = 0.97;

/** How many lines the text takes at this size when broken between words, and within words wider than a line. */
export function countLines(text: MeasuredText, width: number, sizePx: number): number {
  const line = (width * SAFETY) / sizePx;
  let lines = 1;
  let used = 0;
  for (const word of text.words) {
    const gap = used === 0 ? 0 : text.space;
    if (used + gap + word <= line) {
      used += gap + word;
    } else if (word <= line) {
      lines += used === 0 ? 0 : 1;
      used = word;
    } else {
      // `overflow-wrap: anywhere`: the word starts on its own line and goes on over as many as it needs.
      lines += (used === 0 ? 0 : 1) + Math.ceil(word / line) - 1;
      used = word % line;
    }
  }
  return lines;
}

/** The largest size in half pixels from `most` down to `least` at which the text fits, or null. */
export function fitText(text: MeasuredText, box: Box, least: number, most: number): number | null {
  let fitting = Math.ceil(least * 2);
  const leastPx = fitting / 2;
  const fits = (sizePx: number): boolean =>
    hasRoomForWords(text, box.width, sizePx, leastPx) && textHeight(text, box.width, sizePx) <= box.height;
  if (!fits(leastPx)) return null;
  let above = Math.floor(most * 2) + 1;
  while (above - fitting > 1) {
    const middle = Math.floor((fitting + above) / 2);
    if (fits(middle / 2)) fitting = middle;
    else above = middle;
  }
  return fitting / 2;
}

function textHeight(text: MeasuredText, width: number, sizePx: number): number {
  return countLines(text, width, sizePx) * sizePx * text.lineHeight;
}

// A word torn in two reads badly, so shrink first; only at the least size may a word be broken, and only one that is
// longer than some 17 letters: for any other a wider lane can be found.
const ENDLESS_WORD = 9;
function hasRoomForWords(text: MeasuredText, width: number, sizePx: number, least: number): boolean {
  const mustFit = sizePx > least ? text.words : text.words.filter((word) => word <= ENDLESS_WORD);
  return Math.max(0, ...mustFit) * sizePx <= width * SAFETY;
}
