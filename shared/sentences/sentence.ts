/** A sentence for people, as a code of a closed list and what fills its places: said in English, or translated by a page. */
import * as v from "valibot";
import { oneLine } from "../one-line.ts";
import { ENGLISH } from "./english.ts";
import { fill } from "./fill.ts";

export type SentenceCode = keyof typeof ENGLISH;

/** The names of the `{name}` places in a phrase. */
type PlaceOf<Phrase extends string> = Phrase extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceOf<Rest>
  : never;

type ArgsOf<Code extends SentenceCode> = Record<PlaceOf<(typeof ENGLISH)[Code]>, string | number>;

/** What fills a place is a path, a name or the words of a system. */
const MAX_ARG_LENGTH = 200;
/** The most places of any sentence, and some. */
const MAX_ARGS = 6;
/** What a line of a screen, of a log or of the link may be long. */
const MAX_LINE_LENGTH = 300;

export const Sentence = v.strictObject({
  code: v.picklist(Object.keys(ENGLISH).filter(isCode)),
  args: v.pipe(
    v.record(
      v.pipe(v.string(), v.maxLength(20)),
      v.union([v.pipe(v.string(), v.maxLength(MAX_ARG_LENGTH)), v.pipe(v.number(), v.finite())]),
    ),
    v.check((args) => Object.keys(args).length <= MAX_ARGS, `must be at most ${MAX_ARGS}`),
  ),
});
export type Sentence = v.InferOutput<typeof Sentence>;

/** The sentence of this code; each of its places is filled, with one line each. */
export function say<Code extends SentenceCode>(
  code: Code,
  ...args: [PlaceOf<(typeof ENGLISH)[Code]>] extends [never] ? [] : [ArgsOf<Code>]
): Sentence {
  const filled = Object.entries<string | number>(args[0] ?? {}).map(([name, value]): [string, string | number] => [
    name,
    typeof value === "string" ? oneLine(value, MAX_ARG_LENGTH - 1) : value,
  ]);
  return { code, args: Object.fromEntries(filled) };
}

/** One line in English, for logs and machines. */
export function inEnglish({ code, args }: Sentence): string {
  const line = fill(ENGLISH[code], args);
  return line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH - 1)}…` : line;
}

export function sameSentence(a: Sentence | null, b: Sentence | null): boolean {
  return a === b || (a !== null && b !== null && a.code === b.code && inEnglish(a) === inEnglish(b));
}

function isCode(word: string): word is SentenceCode {
  return Object.hasOwn(ENGLISH, word);
}
