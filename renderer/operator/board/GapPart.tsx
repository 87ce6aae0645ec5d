import type { ReactElement } from "react";
import type { PanelReader } from "../../../shared/events/operator.ts";
import { fill } from "../../../shared/sentences/fill.ts";
import { useWords } from "../../ui/words-context.ts";
import { nextGap } from "../gap-steps.ts";
import { usePanel } from "../panel-context.ts";
import { useText } from "../text/text.ts";

/** How long a tag may go unseen and still be the same tap. */
export function GapPart({ reader: { id, gapMs } }: { reader: PanelReader }): ReactElement {
  const { more } = useText();
  const words = useWords();
  const { act } = usePanel();
  const button = (way: "shorter" | "longer"): ReactElement => {
    const next = nextGap(gapMs, way);
    return (
      <button
        type="button"
        className="op-button"
        disabled={next === null}
        onClick={() => next !== null && act({ kind: "set-gap", id, gapMs: next })}
      >
        {more[way]}
      </button>
    );
  };
  return (
    <section className="op-part">
      <h2>{more.gap}</h2>
      <div className="op-stepper">
        {button("shorter")}
        <output>{fill(more.gapValue, { n: words.number(gapMs / 1_000) })}</output>
        {button("longer")}
      </div>
      <p className="op-note">{more.gapDetail}</p>
    </section>
  );
}
