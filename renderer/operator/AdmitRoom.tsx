import type { ReactElement } from "react";
import type { PanelState } from "../../shared/events/operator.ts";
import { useWords } from "../ui/words-context.ts";
import { networkTruth, toneOfTruth } from "./network-truth.ts";
import { NetworkLine } from "./NetworkLine.tsx";
import { Sign } from "./Sign.tsx";
import { useText } from "./text/text.ts";

/** The code that lets this kiosk in, as large as it can be read from afar, and what the organiser does with it. */
export function AdmitRoom({ state }: { state: PanelState }): ReactElement {
  const { admit } = useText();
  const { say } = useWords();
  const { link } = state;
  if (link.state === "online") {
    return (
      <div className="op-centre">
        <span className="op-big" data-tone="good">
          <Sign name="tick" />
        </span>
        <h1>{admit.online}</h1>
        <p className="op-lead">{admit.onlineDetail}</p>
      </div>
    );
  }
  if (link.state === "refused" || link.state === "revoked") {
    return (
      <div className="op-centre">
        <span className="op-big" data-tone="stop">
          <Sign name={link.state === "refused" ? "refused" : "revoked"} />
        </span>
        <h1>{admit[link.state]}</h1>
        <p className="op-lead">{link.reason && say(link.reason)}</p>
      </div>
    );
  }
  return <Awaited state={state} />;
}

function Awaited({ state }: { state: PanelState }): ReactElement {
  const { admit } = useText();
  const { code } = state.link;
  const truth = networkTruth(state);
  return (
    <div className="op-centre">
      <h1>{admit.title}</h1>
      {code === null ? (
        <p className="op-lead">{admit.away}</p>
      ) : (
        <>
          <p className="op-lead">{admit.code}</p>
          <p className="op-code" dir="ltr" data-code={code}>
            {code}
          </p>
          <ol className="op-todo">
            {admit.todo.map((line, at) => (
              <li key={line}>
                <b aria-hidden="true">{at + 1}</b>
                <span>{line}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      {code === null ? (
        <NetworkLine truth={truth} tone={toneOfTruth(truth)} />
      ) : (
        <output className="op-wait">
          <Sign name="waiting" />
          <span>{admit.waiting}</span>
        </output>
      )}
    </div>
  );
}
