import { useState } from "react";
import type { ReactElement } from "react";
import type { PanelReader } from "../../../shared/events/operator.ts";
import { fill } from "../../../shared/sentences/fill.ts";
import { usePanel } from "../panel-context.ts";
import { useText } from "../text/text.ts";

/** Takes the reader out of use, after one more question. */
export function RemovePart({ reader, onRemoved }: { reader: PanelReader; onRemoved: () => void }): ReactElement {
  const { more } = useText();
  const { act } = usePanel();
  const [asks, setAsks] = useState(false);
  if (reader.fixed) return <p className="op-note">{more.fixed}</p>;
  if (!asks) {
    return (
      <div className="op-actions">
        <button type="button" className="op-button" data-tone="stop" onClick={() => setAsks(true)}>
          {more.remove}
        </button>
      </div>
    );
  }
  return (
    <section className="op-part op-confirm" role="alert">
      <h2 dir="auto">{fill(more.removeAsk, { name: reader.name })}</h2>
      <p>{more.removeDetail}</p>
      <div className="op-actions">
        <button type="button" className="op-button" onClick={() => setAsks(false)}>
          {more.cancel}
        </button>
        <button
          type="button"
          className="op-button"
          data-strong="true"
          data-tone="stop"
          onClick={() => {
            act({ kind: "remove", id: reader.id });
            onRemoved();
          }}
        >
          {more.removeDo}
        </button>
      </div>
    </section>
  );
}
