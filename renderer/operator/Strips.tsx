import type { ReactElement } from "react";
import type { PanelState } from "../../shared/events/operator.ts";
import { fill } from "../../shared/sentences/fill.ts";
import { useWords } from "../ui/words-context.ts";
import { usePanel } from "./panel-context.ts";
import { Sign } from "./Sign.tsx";
import type { PageState } from "./step.ts";
import { useText } from "./text/text.ts";

/** What has to be known in every room: the test, a lost line, an organiser's change that was refused, what went wrong. */
export function Strips({ page, state }: { page: PageState; state: PanelState }): ReactElement {
  const { strips } = useText();
  const { language, say } = useWords();
  const { send, act } = usePanel();
  const { conflict } = state.mapping;
  return (
    <div className="op-strips">
      {state.test !== null && (
        <output className="op-strip" data-tone="test">
          <Sign name="test" />
          <b>{strips.testing}</b>
        </output>
      )}
      {page.line === "lost" && (
        <output className="op-strip" data-tone="calm">
          <Sign name="line-lost" />
          <span>{strips.lost}</span>
        </output>
      )}
      {state.disk.state === "failing" && (
        <div className="op-strip" data-tone="stop" role="alert">
          <Sign name="not-stored" />
          <span>{state.disk.reason && say(state.disk.reason)}</span>
        </div>
      )}
      {conflict !== null && (
        <div className="op-strip" data-tone="calm" role="alert">
          <Sign name="branch" />
          <span>
            {fill(strips.conflict, {
              time: new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(conflict.atMs),
            })}
          </span>
          <button type="button" className="op-button" onClick={() => act({ kind: "dismiss-conflict" })}>
            {strips.dismiss}
          </button>
        </div>
      )}
      {page.refusal !== null && (
        <div className="op-strip" data-tone="stop" role="alert">
          <Sign name="refused" />
          <span>{page.refusal.why === null ? strips.refusedAway : say(page.refusal.why)}</span>
          <button type="button" className="op-button" onClick={() => send({ kind: "seen-refusal" })}>
            {strips.dismiss}
          </button>
        </div>
      )}
    </div>
  );
}
