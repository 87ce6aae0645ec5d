/** What somebody typed, repeated in a line for people. */

/** So much of a wrong word is repeated in the message about it: enough to be found again. */
const MAX_REPEATED = 120;

/** Controls and line ends, which terminals act on; and what is not seen or turns the writing around. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** The text on one line, not endless, and with what cannot be seen written as `\u{…}`. */
export function oneLine(text: string, most = MAX_REPEATED): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  return cut.replaceAll(UNSEEN, (unseen) => `\\u{${unseen.codePointAt(0)?.toString(16)}}`);
}
