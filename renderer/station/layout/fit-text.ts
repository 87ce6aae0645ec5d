/** Whether a text fits a box and how large it may be, by the widths of its words. Pure: the measuring is done before. */

/** Widths in pixels at a font size of 1 px. */
export interface MeasuredText {
  readonly words: readonly number[];
  readonly space: number;
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
export function fitText(text: MeasuredText, box: Box, lineHeight: number, least: number, most: number): number | null {
  const fits = (sizePx: number): boolean =>
    hasRoomForWords(text, box.width, sizePx, least) && countLines(text, box.width, sizePx) * sizePx * lineHeight <= box.height;
  if (!fits(least)) return null;
  let fitting = Math.round(least * 2);
  let above = Math.floor(most * 2) + 1;
  while (above - fitting > 1) {
    const middle = Math.floor((fitting + above) / 2);
    if (fits(middle / 2)) fitting = middle;
    else above = middle;
  }
  return fitting / 2;
}

// A word torn in two reads badly, so shrink first; only at the least size may a word be broken.
function hasRoomForWords(text: MeasuredText, width: number, sizePx: number, least: number): boolean {
  return sizePx <= least || Math.max(0, ...text.words) * sizePx <= width * SAFETY;
}
