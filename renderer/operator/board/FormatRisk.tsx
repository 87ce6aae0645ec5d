import { useEffect, useRef } from "react";
import type { ReactElement } from "react";
import { Sign } from "../Sign.tsx";
import { useText } from "../text/text.ts";

interface FormatRiskProps {
  /** A vote is under way now; it may have ended since this was asked. */
  isVoting: boolean;
  onAnyway: () => void;
  onLeave: () => void;
  /** It stands in place of what was touched, in what is told at once: whoever works by keys goes on here. */
  takesFocus?: boolean;
}

/** Before numbers are read otherwise in the middle of a vote: what that may do, and a second touch. */
export function FormatRisk({ isVoting, onAnyway, onLeave, takesFocus = false }: FormatRiskProps): ReactElement {
  const { more } = useText();
  const ref = useRef<HTMLElement>(null);
  const leave = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    ref.current?.scrollIntoView({ block: "nearest" });
    if (takesFocus) leave.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  return (
    <section className="op-part op-confirm" data-tone="calm" role={takesFocus ? undefined : "alert"} ref={ref}>
      <h2>
        <Sign name="warn" />
        <span>{more.unchanged}</span>
      </h2>
      {isVoting && <p>{more.voting}</p>}
      <div className="op-actions">
        <button type="button" className="op-button" data-strong="true" ref={leave} onClick={onLeave}>
          {more.leaveIt}
        </button>
        <button
          type="button"
          className="op-button"
          // The second half of a double touch of what was here before is not deliberate.
          onClick={({ detail }) => detail <= 1 && onAnyway()}
        >
          {more.anyway}
        </button>
      </div>
    </section>
  );
}
