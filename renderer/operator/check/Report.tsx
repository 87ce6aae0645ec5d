import type { ReactElement } from "react";
import type { PanelState, Readiness } from "../../../shared/events/operator.ts";
import { useWords } from "../../ui/words-context.ts";
import { usePlaceName } from "../board/use-place-name.ts";
import type { SignName } from "../pictures.ts";
import { Sign } from "../Sign.tsx";
import { useText } from "../text/text.ts";

const SIGNS: Readonly<Record<Readiness["checks"][number]["word"], SignName>> = {
  good: "tick",
  warn: "warn",
  bad: "bad",
  open: "open",
};

interface ReportProps {
  state: PanelState;
  readiness: Readiness;
}

/** The report itself: the same on the screen and on one page of paper. */
export function Report({ state, readiness }: ReportProps): ReactElement {
  const { check: text } = useText();
  const { language, say } = useWords();
  const time = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "medium" });
  const { finishedAtMs, versions } = readiness;
  return (
    <article className="op-report">
      <header>
        <h1>{text.title}</h1>
        <p dir="auto">{state.title}</p>
      </header>
      <ul className="op-checks">
        {readiness.checks.map(({ check, word, detail }) => (
          <li key={check} data-check={check} data-word={word}>
            <Sign name={SIGNS[word]} />
            <b>{text.names[check]}</b>
            <span className="op-check-word">{text.words[word]}</span>
            {detail !== null && <span className="op-check-detail">{say(detail)}</span>}
          </li>
        ))}
      </ul>
      <ReaderTicks state={state} readiness={readiness} />
      <dl className="op-facts op-versions">
        <Fact name={text.startedAt} value={time.format(readiness.startedAtMs)} />
        <Fact name={text.finishedAt} value={finishedAtMs === null ? text.running : time.format(finishedAtMs)} />
        <Fact name={text.software} value={versions.software} />
        <Fact name={text.station} value={versions.station} />
        <Fact name={text.event} value={versions.event ?? "–"} />
      </dl>
      <p className="op-sign-here">{text.signature}</p>
    </article>
  );
}

function Fact({ name, value }: { name: string; value: string }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{value}</dd>
    </div>
  );
}

/** Columns on paper: with all that a station can have it is still one page. */
function columnsOf(readers: number): 3 | 4 | 5 {
  if (readers <= 24) return 3;
  return readers <= 60 ? 4 : 5;
}

/** Each reader wants one tap, and has a tick as soon as it saw it. */
function ReaderTicks({ state, readiness }: ReportProps): ReactElement {
  const { check: text, readers: words } = useText();
  const { count } = useWords();
  const nameOf = usePlaceName();
  const tapsOf = new Map(readiness.readers.map(({ id, taps }) => [id, taps]));
  const all = state.readers.length > 0 && state.readers.every(({ id }) => (tapsOf.get(id) ?? 0) > 0);
  return (
    <section className="op-ticks" aria-label={text.tapEach}>
      <h2>{state.readers.length === 0 ? text.noReaders : all ? text.allTapped : text.tapEach}</h2>
      <ul data-columns={columnsOf(state.readers.length)}>
        {state.readers.map((reader) => {
          const taps = tapsOf.get(reader.id) ?? 0;
          return (
            <li key={reader.id} data-tick={reader.id} data-tapped={taps > 0}>
              <Sign name={taps > 0 ? "tick" : reader.state === "lost" ? "reader-lost" : "badge"} />
              <b dir="auto">{reader.name}</b>
              <span dir="auto">{reader.target === null ? words.none : nameOf(reader.target, state.poll)}</span>
              <span className="op-tick-word">{taps > 0 ? count(text.tapped, taps) : text.toTap}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
