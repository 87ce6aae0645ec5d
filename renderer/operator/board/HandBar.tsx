import type { ReactElement } from "react";
import type { PanelState } from "../../../shared/events/operator.ts";
import { fill } from "../../../shared/sentences/fill.ts";
import { useWords } from "../../ui/words-context.ts";
import { usePanel } from "../panel-context.ts";
import type { SignName } from "../pictures.ts";
import { Sign } from "../Sign.tsx";
import { awaitsPlace } from "../step.ts";
import type { PageState } from "../step.ts";
import { useText } from "../text/text.ts";
import { useMovedLine, usePlaceName } from "./use-place-name.ts";

interface HandBarProps {
  page: PageState;
  state: PanelState;
  nowMs: number;
}

/** Always under the board: what the operator does next, in one sentence, with what can be done about it. */
export function HandBar({ page, state, nowMs }: HandBarProps): ReactElement {
  if (page.hand !== null) return <InHand id={page.hand} state={state} />;
  if (state.listening !== null)
    return <Listening page={page} listening={state.listening} state={state} nowMs={nowMs} />;
  return <Idle page={page} state={state} />;
}

function Idle({ page, state }: { page: PageState; state: PanelState }): ReactElement {
  const { readers: text } = useText();
  const { act } = usePanel();
  const moved = useMovedLine(page, state);
  return (
    <Bar sign={moved === "" ? "badge" : "tick"} title={moved === "" ? text.teachHint : moved} isQuiet>
      <button
        type="button"
        className="op-button"
        data-strong="true"
        onClick={() => act({ kind: "listen", ask: false, target: null })}
      >
        <Sign name="badge" />
        <span>{text.teach}</span>
      </button>
    </Bar>
  );
}

interface ListeningProps {
  page: PageState;
  listening: NonNullable<PanelState["listening"]>;
  state: PanelState;
  nowMs: number;
}

function Listening({ page, listening, state, nowMs }: ListeningProps): ReactElement {
  const { readers: text } = useText();
  const words = useWords();
  const { act } = usePanel();
  const nameOf = usePlaceName();
  const { target } = listening;
  const heard = awaitsPlace(page);
  const moved = useMovedLine(page, state);
  const left = fill(text.left, { n: words.number(Math.max(0, Math.ceil((listening.untilMs - nowMs) / 1_000))) });
  const below = [moved, page.asks ? `${text.asked} · ${left}` : left].filter((line) => line !== "").join(" ");
  const hold = target === null ? text.hold : fill(text.holdFor, { place: nameOf(target, state.poll) });
  return (
    <Bar
      sign="badge"
      title={heard === null ? hold : fill(text.heard, { name: heard.name })}
      detail={heard === null ? below : text.heardDetail}
    >
      {heard === null && !page.asks && state.devices.some(({ kind }) => kind === "serial") && (
        <button type="button" className="op-button op-ask" onClick={() => act({ kind: "listen", ask: true, target })}>
          <span>
            {text.ask}
            <small>{text.askDetail}</small>
          </span>
        </button>
      )}
      <button type="button" className="op-button" onClick={() => act({ kind: "stop-listening" })}>
        {text.stop}
      </button>
    </Bar>
  );
}

function InHand({ id, state }: { id: string; state: PanelState }): ReactElement {
  const { readers: text } = useText();
  const { send } = usePanel();
  const reader = state.readers.find((each) => each.id === id);
  const name = reader?.name ?? state.devices.find((device) => device.id === id)?.name ?? "";
  return (
    <Bar
      sign={reader === undefined ? "plus" : "swap"}
      title={fill(text.inHand, { name })}
      detail={reader === undefined ? text.deviceInHand : text.inHandDetail}
    >
      {reader !== undefined && (
        <button
          type="button"
          className="op-button"
          onClick={() => send({ kind: "open-sheet", sheet: { id, part: "settings" } })}
        >
          {text.settings}
        </button>
      )}
      <button type="button" className="op-button" onClick={() => send({ kind: "let-go" })}>
        {text.letGo}
      </button>
    </Bar>
  );
}

interface BarProps {
  sign: SignName;
  title: string;
  detail?: string;
  isQuiet?: boolean;
  children: React.ReactNode;
}

function Bar({ sign, title, detail, isQuiet = false, children }: BarProps): ReactElement {
  return (
    <div className="op-hand" data-quiet={isQuiet}>
      <Sign name={sign} />
      <output>
        <b dir="auto">{title}</b>
        {detail !== undefined && <span>{detail}</span>}
      </output>
      <div className="op-actions">{children}</div>
    </div>
  );
}
