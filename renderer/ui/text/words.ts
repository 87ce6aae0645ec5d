import { fill } from "../../../shared/sentences/fill.ts";
import type { Sentence } from "../../../shared/sentences/sentence.ts";
import type { Catalogue } from "./catalogue.ts";
import type { PluralForms } from "./plural.ts";
import type { Sentences } from "./sentences/sentences.ts";

/** One language, ready to use: its catalogue and the ways it writes numbers. */
export interface Words {
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly text: Catalogue;
  readonly number: (n: number) => string;
  /** The right plural form, with the number written in this language. */
  readonly count: (forms: PluralForms, n: number) => string;
  /** A share of all votes as a percentage that never lies by rounding: "<1%" is not 0, ">99%" is not all. */
  readonly share: (votes: number, total: number) => string;
  readonly spokenShare: (votes: number, total: number) => string;
  /** What the station says, in this language and its direction: to be shown without `dir="auto"`, which looks at the first name. */
  readonly say: (sentence: Sentence) => string;
}

export function createWords(
  language: string,
  { direction, text, sentences }: Pick<Words, "direction" | "text"> & { sentences: Sentences },
): Words {
  const numbers = new Intl.NumberFormat(language);
  const percents = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const spoken = new Intl.NumberFormat(language, { style: "unit", unit: "percent", unitDisplay: "long" });
  const plurals = new Intl.PluralRules(language);
  return {
    language,
    direction,
    text,
    number: (n) => numbers.format(n),
    count: (forms, n) => fill(forms[plurals.select(n)] ?? forms.other, { n: numbers.format(n) }),
    share: (votes, total) => {
      const share = roundShare(votes, total);
      if (share.exact === "none") return text.share.none;
      const written = percents.format(share.percent / 100);
      return share.exact === "about" ? written : fill(text.share[share.exact], { share: written });
    },
    spokenShare: (votes, total) => spoken.format(roundShare(votes, total).percent),
    say: ({ code, args }) => {
      const write = (arg: string | number): string =>
        typeof arg === "number" ? numbers.format(arg) : apart(arg, direction);
      const written = Object.entries(args).map(([name, arg]): [string, string] => [name, write(arg)]);
      return fill(sentences[code], Object.fromEntries(written));
    },
  };
}

/** Letters that run from right to left, of any script. */
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** A name, path or command keeps its own order within a sentence of the other: first strong isolate to pop isolate (UAX #9). */
function apart(text: string, direction: Words["direction"]): string {
  return direction === "rtl" || RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

interface RoundedShare {
  percent: number;
  /** `less`: above zero but under `percent`; `more`: over `percent` but not all; `none`: nobody voted yet. */
  exact: "about" | "less" | "more" | "none";
}

export function roundShare(votes: number, total: number): RoundedShare {
  if (total === 0) return { percent: 0, exact: "none" };
  const percent = (votes / total) * 100;
  if (percent > 0 && percent < 1) return { percent: 1, exact: "less" };
  if (percent > 99 && percent < 100) return { percent: 99, exact: "more" };
  return { percent: Math.round(percent), exact: "about" };
}
