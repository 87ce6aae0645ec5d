import { memo } from "react";
import type { ReactElement } from "react";
import type { OutcomeKind } from "../../shared/events/stream.ts";
import { Picture } from "../ui/Picture.tsx";
import { useWords } from "../ui/words-context.ts";
import { toneOf } from "./outcomes.ts";

// Six hues and five patterns: thirty answers before a pair repeats, and neighbours differ in both.
const HUES = 6;
const PATTERNS = 5;

interface LaneProps {
  option: number;
  label: string;
  votes: number | null;
  votesText: string | null;
  shareText: string | null;
  spoken: string;
  /** From 0 to 1 of the room before the count; null while the result may not be shown: then not even a trace is. */
  bar: number | null;
  outcome: OutcomeKind | null;
  labelPx: number;
  labelLines: number;
  direction: "ltr" | "rtl";
  /** It was touched, and waits for the badge. */
  touched: boolean;
  /** Null while a touch does nothing: then it is no button either. */
  onTouch: ((option: number) => void) | null;
}

/** One answer. Everything it gets is a plain value, so a tally draws only the lanes whose words or bar it changed. */
export const Lane = memo(function Lane(props: LaneProps): ReactElement {
  const { option, outcome, direction } = props;
  return (
    <li
      className="lane"
      data-option={option}
      data-votes={props.votes ?? undefined}
      data-outcome={outcome ?? undefined}
      data-tone={outcome === null ? undefined : toneOf(outcome)}
      data-touched={props.touched ? true : undefined}
      style={{ "--hue": `var(--hue-${((option - 1) % HUES) + 1})` }}
    >
      {props.onTouch === null ? (
        <span className="unseen">{props.spoken}</span>
      ) : (
        <LaneButton option={option} spoken={props.spoken} touched={props.touched} onTouch={props.onTouch} />
      )}
      {props.bar !== null && <Bar length={props.bar} pattern={(option - 1) % PATTERNS} direction={direction} />}
      <span className="chip" aria-hidden="true">
        {outcome === null ? option : <Picture name={outcome} />}
        {outcome !== null && <small>{option}</small>}
      </span>
      <span
        className="label"
        dir="auto"
        aria-hidden="true"
        style={{ fontSize: `${props.labelPx}px`, WebkitLineClamp: props.labelLines }}
      >
        {props.label}
      </span>
      {outcome === null ? <Count shareText={props.shareText} votesText={props.votesText} /> : <Stamp kind={outcome} />}
    </li>
  );
});

interface LaneButtonProps {
  option: number;
  spoken: string;
  touched: boolean;
  onTouch: (option: number) => void;
}

/** The whole lane, pressed. */
function LaneButton({ option, spoken, touched, onTouch }: LaneButtonProps): ReactElement {
  return (
    <button
      type="button"
      className="touch"
      aria-pressed={touched}
      onClick={({ detail, currentTarget }) => {
        // A wedge reader types the badge's number and Enter, which presses what has the focus: a finger leaves none behind.
        if (detail > 0) currentTarget.blur();
        onTouch(option);
      }}
    >
      <span className="unseen">{spoken}</span>
    </button>
  );
}

interface BarProps {
  length: number;
  pattern: number;
  direction: "ltr" | "rtl";
}

/** Moved, not scaled: a scaled bar would squeeze its pattern. */
function Bar({ length, pattern, direction }: BarProps): ReactElement {
  const away = (direction === "ltr" ? length - 1 : 1 - length) * 100;
  return (
    <div className="track" aria-hidden="true">
      <div className="fill" data-pattern={pattern} style={{ transform: `translateX(${away}%)` }} />
    </div>
  );
}

function Count({ shareText, votesText }: { shareText: string | null; votesText: string | null }): ReactElement {
  return (
    <span className="count" aria-hidden="true">
      <b>{shareText}</b>
      <small>{votesText}</small>
    </span>
  );
}

function Stamp({ kind }: { kind: OutcomeKind }): ReactElement {
  const { text } = useWords();
  return (
    <span className="count" aria-hidden="true">
      <span className="stamp">{text.outcomes[kind].stamp}</span>
    </span>
  );
}
