import type { ReactElement } from "react";
import type { ScreenTally } from "../../shared/events/stream.ts";
import { Picture } from "../ui/Picture.tsx";
import { useWords } from "../ui/words-context.ts";

/** Beside the counts, wherever there are some: may they still change, or are they certified? */
export function Mark({ tally }: { tally: ScreenTally }): ReactElement {
  const { text } = useWords();
  const standing = tally.provisional ? "provisional" : "final";
  return (
    <span className="mark" data-standing={standing}>
      <Picture name={standing} />
      {text.marks[standing]}
    </span>
  );
}
