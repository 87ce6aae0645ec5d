import type { ReactElement } from "react";
import type { PanelReader } from "../../../shared/events/operator.ts";
import { usePanel } from "../panel-context.ts";
import { Sign } from "../Sign.tsx";
import { useText } from "../text/text.ts";

/** Tries the reader's lamp or buzzer. */
export function SignalPart({ reader: { id, canSignal } }: { reader: PanelReader }): ReactElement {
  const { more } = useText();
  const { act } = usePanel();
  return (
    <section className="op-part">
      <h2>{more.signal}</h2>
      {canSignal ? (
        <div className="op-actions">
          <button type="button" className="op-button" onClick={() => act({ kind: "test-signal", id, signal: "good" })}>
            <Sign name="tick" />
            <span>{more.good}</span>
          </button>
          <button type="button" className="op-button" onClick={() => act({ kind: "test-signal", id, signal: "bad" })}>
            <Sign name="close" />
            <span>{more.bad}</span>
          </button>
        </div>
      ) : (
        <p className="op-note">{more.noSignal}</p>
      )}
    </section>
  );
}
