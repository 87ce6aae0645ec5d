import { ar } from "./ar.ts";
import type { Catalogue } from "./catalogue.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { SENTENCES } from "./sentences/sentences.ts";
import type { Sentences } from "./sentences/sentences.ts";
import { createWords } from "./words.ts";
import type { Words } from "./words.ts";

const ENGLISH = { direction: "ltr", text: en, sentences: SENTENCES.en } as const;

const LANGUAGES: Readonly<Record<string, { direction: "ltr" | "rtl"; text: Catalogue; sentences: Sentences }>> = {
  en: ENGLISH,
  de: { direction: "ltr", text: de, sentences: SENTENCES.de },
  ar: { direction: "rtl", text: ar, sentences: SENTENCES.ar },
};

/** The first wanted language we speak (`de-AT` is spoken as `de`, with Austria's numbers), else English. */
export function chooseWords(wanted: readonly string[]): Words {
  for (const tag of wanted) {
    const language = LANGUAGES[tag.split("-")[0]?.toLowerCase() ?? ""];
    if (language === undefined) continue;
    // A malformed tag from the address (`?lang=de_x`) would make Intl throw, so it must be one Intl knows.
    if (isKnown(tag)) return createWords(tag, language);
  }
  return createWords("en", ENGLISH);
}

function isKnown(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
