/** Is what a page shows in the language that it is to be in? */
import { ENGLISH } from "../../shared/sentences/english.ts";

/** Shorter pieces of a sentence, as "answers.", may be part of another language. */
const LONG_ENOUGH = 8;

/** The station's sentences that a text has in English, whole or in part: none, on a page in another language. */
export function saidInEnglish(text: string): string[] {
  return Object.entries(ENGLISH)
    .filter(([, phrase]) =>
      phrase.split(/\{\w+\}/).some((piece) => piece.trim().length >= LONG_ENOUGH && text.includes(piece.trim())),
    )
    .map(([code]) => code);
}

/** Latin letters of an Arabic text which are no name, path or command: these stand between isolates. */
export function latinIn(text: string): string[] {
  return text.replaceAll(/\u2068[^\u2069]*\u2069/g, "").match(/[A-Za-z]+/g) ?? [];
}
