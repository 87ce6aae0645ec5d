/** Measures words with the page's own font, at 100 px on a canvas, so that layout never has to be tried on the page. */
import type { MeasuredText } from "./fit-text.ts";

const AT_PX = 100;
const FAMILY = '"Atkinson Hyperlegible Next Variable", "Noto Sans Arabic Variable", system-ui, sans-serif';
// Arabic, Indic and South-East Asian letters carry marks above and below the line.
const TALL_SCRIPTS = /[\u0590-\u109f\u1780-\u17ff]/;
const LINE_HEIGHT = 1.14;
const TALL_LINE_HEIGHT = 1.42;

export interface Ruler {
  readonly width: (text: string, weight: number) => number;
  readonly measure: (text: string, weight: number) => MeasuredText;
}

/** A ruler is good until fonts arrive; then make a new one, as it remembers widths. */
export function createRuler(): Ruler {
  const canvas = document.createElement("canvas").getContext("2d");
  const widths = new Map<string, number>();
  const width = (text: string, weight: number): number => {
    const key = `${weight} ${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    // Without a canvas (out of memory) half an em a letter is a fair guess, and lanes cut what is too long.
    let measured = text.length * 0.55;
    if (canvas !== null) {
      canvas.font = `${weight} ${AT_PX}px ${FAMILY}`;
      measured = canvas.measureText(text).width / AT_PX;
    }
    widths.set(key, measured);
    return measured;
  };
  return {
    width,
    measure: (text, weight) => ({
      words: text
        .split(/\s+/)
        .filter((word) => word !== "")
        .map((word) => width(word, weight)),
      space: width(" ", weight),
      lineHeight: TALL_SCRIPTS.test(text) ? TALL_LINE_HEIGHT : LINE_HEIGHT,
    }),
  };
}
