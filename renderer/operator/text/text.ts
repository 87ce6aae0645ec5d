import { useWords } from "../../ui/words-context.ts";
import { ar } from "./ar.ts";
import type { PanelText } from "./catalogue.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";

const TEXTS: Readonly<Record<string, PanelText>> = { en, de, ar };

/** The panel's words in a language that `ui/text/language.ts` chose; it speaks the same ones. */
export function panelText(language: string): PanelText {
  return TEXTS[language.split("-")[0]?.toLowerCase() ?? ""] ?? en;
}

export function useText(): PanelText {
  return panelText(useWords().language);
}
