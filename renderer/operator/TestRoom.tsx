import type { ReactElement } from "react";
import type { PanelState } from "../../shared/events/operator.ts";
import { useWords } from "../ui/words-context.ts";
import { usePanel } from "./panel-context.ts";
import { Sign } from "./Sign.tsx";
import { useText } from "./text/text.ts";

/** Test mode: what it means, its switch, and what was tapped in it. */
export function TestRoom({ state }: { state: PanelState }): ReactElement {
  const { test: text } = useText();
  const words = useWords();
  const { act } = usePanel();
  const { test, poll } = state;
  const most = Math.max(1, ...(test?.counts ?? []));
  return (
    <>
      <h1>{text.title}</h1>
      <section className="op-card op-switch" data-on={test !== null}>
        <span className="op-big">
          <Sign name={test === null ? "live" : "test"} />
        </span>
        <div>
          <h2>{test === null ? text.off : text.on}</h2>
          <p>{test === null ? text.offDetail : text.onDetail}</p>
        </div>
        <button
          type="button"
          className="op-button"
          data-strong="true"
          onClick={() => act({ kind: "test-mode", on: test === null })}
        >
          {test === null ? text.start : text.stop}
        </button>
      </section>
      {test !== null && (
        <section className="op-card" aria-label={text.counts}>
          <h2>{words.count(text.taps, test.taps)}</h2>
          <ul className="op-counts">
            {poll?.options.map(({ label }, at) => (
              <li key={`${at}-${label}`} style={{ "--share": (test.counts[at] ?? 0) / most }}>
                <b className="op-chip">{words.number(at + 1)}</b>
                <span dir="auto">{label}</span>
                <b>{words.number(test.counts[at] ?? 0)}</b>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
