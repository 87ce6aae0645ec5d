/** What somebody typed, repeated in a line for people. */

/** So much of a wrong word is repeated in the message about it: enough to be found again. */
const MAX_REPEATED = 120;

/** Controls and line ends, which terminals act on; and what is not seen or turns the writing around. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** The text on one line, at most so long (and an ellipsis), and with what cannot be seen written as `\u{…}`. */
export function oneLine(text: string, most = MAX_REPEATED): string {
  // Written out, what cannot be seen takes up to ten characters: first what could fit, then what does.
  const written = text.slice(0, most).replaceAll(UNSEEN, writeOut);
  if (text.length <= most && written.length <= most) return written;
  // Not in the middle of what was written out.
  return `${written.slice(0, most).replace(/\\u\{?[0-9a-f]*$/, "")}…`;
}

function writeOut(unseen: string): string {
  return `\\u{${unseen.codePointAt(0)?.toString(16)}}`;
}
