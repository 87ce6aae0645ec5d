import type { ReactElement } from "react";
import { fill } from "../../shared/sentences/fill.ts";
import { Picture } from "../ui/Picture.tsx";
import { useWords } from "../ui/words-context.ts";

interface PagerProps {
  page: number;
  pages: number;
  perPage: number;
  all: number;
  onTurn: (page: number) => void;
}

/** Turns between pages of answers, round and round, so that neither button is ever dead. */
export function Pager({ page, pages, perPage, all, onTurn }: PagerProps): ReactElement {
  const words = useWords();
  const { pager } = words.text;
  const from = page * perPage + 1;
  const range = { from, to: Math.min(all, from + perPage - 1), all };
  return (
    <nav className="pager">
      <button type="button" aria-label={pager.earlier} onClick={() => onTurn((page + pages - 1) % pages)}>
        <Picture name="earlier" />
      </button>
      <span>{fill(pager.range, range)}</span>
      <button type="button" aria-label={pager.later} onClick={() => onTurn((page + 1) % pages)}>
        <Picture name="later" />
      </button>
    </nav>
  );
}
