import { useEffect, useRef, useState } from "react";
import type { ReactElement } from "react";
import { fill } from "../../shared/sentences/fill.ts";
import type { Words } from "../ui/text/words.ts";
import { useWords } from "../ui/words-context.ts";
import type { Picture } from "./step.ts";
import { troubleOf } from "./troubles.ts";

// A busy poll changes many times a second; a listener wants the state of things, seldom enough to hear outcomes.
const RESULT_EVERY_MS = 20_000;

/** Speaks outcomes, questions and pauses as they come, and now and then how the result stands, to those who listen. */
export function Announcer({ picture }: { picture: Picture }): ReactElement {
  const words = useWords();
  const { outcomes, spoken } = words.text;
  const { poll } = picture;
  const trouble = troubleOf(picture, words.text);
  return (
    <div className="unseen">
      <p aria-live="polite">
        {/* A new element, so that a question asked once more is said once more. */}
        <span key={`${poll?.id} ${poll?.state}`}>{sayQuestion(picture, words)}</span>
      </p>
      {/* Always there, so that what comes into it is spoken in every browser. */}
      <p aria-live="assertive">{trouble !== null && <span key={trouble.name}>{trouble.text}</span>}</p>
      <p aria-live="polite">
        {picture.touch?.kind === "touched" && <span key={picture.touch.id}>{words.text.turn.tap}</span>}
      </p>
      <ul aria-live="polite" aria-relevant="additions">
        {picture.outcomes.shown.map(({ id, kind, option }) => (
          <li key={`${id} ${kind}`}>
            {option === null ? outcomes[kind].detail : fill(spoken.outcome, { option, detail: outcomes[kind].detail })}
          </li>
        ))}
      </ul>
      <p aria-live="polite">
        {/* The final result does not wait for its turn. */}
        <Seldom key={`${poll?.id} ${picture.tally?.provisional}`} text={sayResult(picture, words)} />
      </p>
    </div>
  );
}

function sayQuestion({ poll }: Picture, { text }: Words): string {
  if (poll === null) return text.pages.waiting.title;
  const question =
    poll.round === 1 ? poll.question : fill(text.spoken.round, { round: poll.round, question: poll.question });
  return poll.state === "open" ? question : `${question} ${text.how[poll.state]}`;
}

function sayResult({ poll, tally }: Picture, words: Words): string {
  if (poll === null || tally === null) return "";
  const total = tally.counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return words.text.status.noVotes;
  const most = Math.max(...tally.counts);
  const leaders = poll.options.filter((_, i) => tally.counts[i] === most).map((option) => option.label);
  const list = new Intl.ListFormat(words.language, { type: "conjunction" });
  return fill(words.text.spoken.result, {
    standing: words.text.marks[tally.provisional ? "provisional" : "final"],
    votes: words.count(words.text.spoken.votes, total),
    leaders: list.format(leaders),
  });
}

/** The newest text, but at most one change in RESULT_EVERY_MS. */
function Seldom({ text }: { text: string }): ReactElement {
  const newest = useRef(text);
  const [said, setSaid] = useState(text);
  useEffect(() => {
    newest.current = text;
  }, [text]);
  useEffect(() => {
    const timer = setInterval(() => setSaid(newest.current), RESULT_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return <span>{said}</span>;
}
