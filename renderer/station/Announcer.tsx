import { useEffect, useRef, useState } from "react";
import type { ReactElement } from "react";
import { fill } from "../ui/text/plural.ts";
import type { Words } from "../ui/text/words.ts";
import { useWords } from "../ui/words-context.ts";
import type { Picture } from "./step.ts";

// A busy poll changes many times a second; a listener wants the state of things, seldom enough to hear outcomes.
const RESULT_EVERY_MS = 20_000;

/** Speaks outcomes as they appear, and now and then how the result stands, to those who listen instead of looking. */
export function Announcer({ picture }: { picture: Picture }): ReactElement {
  const words = useWords();
  const { outcomes, spoken } = words.text;
  return (
    <div className="unseen">
      <ul aria-live="polite" aria-relevant="additions">
        {picture.outcomes.shown.map(({ id, kind, option }) => (
          <li key={`${id} ${kind}`}>
            {option === null ? outcomes[kind].detail : fill(spoken.outcome, { option, detail: outcomes[kind].detail })}
          </li>
        ))}
      </ul>
      <p aria-live="polite">{useSeldom(sayResult(picture, words), RESULT_EVERY_MS)}</p>
    </div>
  );
}

function sayResult({ poll, tally }: Picture, words: Words): string {
  if (poll === null || tally === null) return "";
  const total = tally.counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return words.text.status.noVotes;
  const most = Math.max(...tally.counts);
  const leaders = poll.options.filter((_, i) => tally.counts[i] === most).map((option) => option.label);
  const list = new Intl.ListFormat(words.language, { type: "conjunction" });
  return fill(words.text.spoken.result, {
    votes: words.count(words.text.spoken.votes, total),
    leaders: list.format(leaders),
  });
}

/** The newest value, but at most one change in `everyMs`. */
function useSeldom(value: string, everyMs: number): string {
  const newest = useRef(value);
  const [said, setSaid] = useState(value);
  useEffect(() => {
    newest.current = value;
  }, [value]);
  useEffect(() => {
    const timer = setInterval(() => setSaid(newest.current), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return said;
}
