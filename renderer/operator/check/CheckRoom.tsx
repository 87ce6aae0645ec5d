import type { ReactElement } from "react";
import type { PanelState } from "../../../shared/events/operator.ts";
import { usePanel } from "../panel-context.ts";
import { Sign } from "../Sign.tsx";
import { useText } from "../text/text.ts";
import { Report } from "./Report.tsx";

/** The readiness check: before it, the button; with it, the report, live, to finish, print and begin anew. */
export function CheckRoom({ state }: { state: PanelState }): ReactElement {
  const { check: text } = useText();
  const { act } = usePanel();
  const { readiness } = state;
  if (readiness === null) {
    return (
      <div className="op-centre">
        <span className="op-big">
          <Sign name="check" />
        </span>
        <h1>{text.title}</h1>
        <p className="op-lead">{text.detail}</p>
        <button type="button" className="op-button" data-strong="true" onClick={() => act({ kind: "start-readiness" })}>
          {text.start}
        </button>
      </div>
    );
  }
  const running = readiness.finishedAtMs === null;
  return (
    <>
      <Report state={state} readiness={readiness} />
      <div className="op-actions op-check-actions">
        <button type="button" className="op-button" onClick={() => act({ kind: "start-readiness" })}>
          <Sign name="read-again" />
          <span>{text.again}</span>
        </button>
        <button type="button" className="op-button" data-strong={!running} onClick={() => print()}>
          <Sign name="print" />
          <span>{text.print}</span>
        </button>
        {running && (
          <button
            type="button"
            className="op-button"
            data-strong="true"
            onClick={() => act({ kind: "finish-readiness" })}
          >
            {text.finish}
          </button>
        )}
      </div>
    </>
  );
}
