import { createContext, use } from "react";
import { chooseWords } from "./text/language.ts";
import type { Words } from "./text/words.ts";

export const WordsContext = createContext<Words>(chooseWords([]));

/** The language of this screen. */
export function useWords(): Words {
  return use(WordsContext);
}
