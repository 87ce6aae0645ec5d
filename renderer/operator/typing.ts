/** What a key of the screen's keyboard does to a text field: typed at the caret, over what is selected. */

export interface Typed {
  readonly text: string;
  /** Where the caret is, in UTF-16 units as the browser counts. */
  readonly caret: number;
}

/** Nothing is typed that would not fit. */
export function typeText(text: string, [from, to]: readonly [number, number], key: string, longest: number): Typed {
  const typed = text.slice(0, from) + key + text.slice(to);
  return typed.length > longest ? { text, caret: to } : { text: typed, caret: from + key.length };
}

/** Takes what is selected, else the character before the caret: whole, also where it has several units. */
export function eraseText(text: string, [from, to]: readonly [number, number]): Typed {
  const kept = text.slice(0, from === to ? startOfLast(text.slice(0, from)) : from);
  return { text: kept + text.slice(to), caret: kept.length };
}

function startOfLast(text: string): number {
  return Array.from(new Intl.Segmenter().segment(text)).at(-1)?.index ?? 0;
}
