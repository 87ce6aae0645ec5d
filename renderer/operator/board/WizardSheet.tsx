import { useState } from "react";
import type { ReactElement } from "react";
import type { UidFormat } from "../../../shared/domain/mapping.ts";
import type { PanelReader, PanelState } from "../../../shared/events/operator.ts";
import { fill } from "../../../shared/sentences/fill.ts";
import { Dialog } from "../Dialog.tsx";
import { usePanel } from "../panel-context.ts";
import type { SignName } from "../pictures.ts";
import { Sign } from "../Sign.tsx";
import { useText } from "../text/text.ts";
import { isVoting } from "./format-risk.ts";
import { FormatRisk } from "./FormatRisk.tsx";

interface WizardSheetProps {
  reader: PanelReader;
  state: PanelState;
}

/** One tag on two readers finds the setting that makes them agree. */
export function WizardSheet({ reader, state }: WizardSheetProps): ReactElement {
  const { wizard: text } = useText();
  const { send } = usePanel();
  const { wizard } = state;
  return (
    <Dialog title={text.title} reader={reader.id} onClose={() => send({ kind: "close-sheet" })}>
      {wizard === null ? (
        <PickOther reader={reader} readers={state.readers} />
      ) : (
        <Compared wizard={wizard} state={state} />
      )}
    </Dialog>
  );
}

function PickOther({ reader, readers }: { reader: PanelReader; readers: readonly PanelReader[] }): ReactElement {
  const { wizard: text } = useText();
  const { act } = usePanel();
  const others = readers.filter(({ id, state }) => id !== reader.id && state === "present");
  if (others.length === 0) return <p className="op-lead">{text.noOther}</p>;
  return (
    <>
      <p className="op-lead" dir="auto">
        {fill(text.pick, { name: reader.name })}
      </p>
      <p className="op-note">{text.pickDetail}</p>
      <ul className="op-found">
        {others.map((other) => (
          <li key={other.id}>
            <button
              type="button"
              className="op-choice"
              onClick={() => act({ kind: "start-wizard", a: other.id, b: reader.id })}
            >
              <Sign name="reader" />
              <b dir="auto">{other.name}</b>
              <span dir="auto">{other.port}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

type Wizard = NonNullable<PanelState["wizard"]>;

function Compared({ wizard, state }: { wizard: Wizard; state: PanelState }): ReactElement {
  const { wizard: text } = useText();
  const nameOf = (id: string): string => state.readers.find((reader) => reader.id === id)?.name ?? id;
  const [first, second] = wizard.readers;
  const { result } = wizard;
  return (
    <>
      <ol className="op-steps">
        <Hold line={fill(text.hold, { name: nameOf(first) })} isSeen={wizard.seen[0]} />
        <Hold line={fill(text.holdSecond, { name: nameOf(second) })} isSeen={wizard.seen[1]} />
      </ol>
      {/* Another finding is another question. */}
      {result !== null && (
        <Result key={JSON.stringify(result)} result={result} nameOf={nameOf} inVote={isVoting(state)} />
      )}
    </>
  );
}

function Hold({ line, isSeen }: { line: string; isSeen: boolean }): ReactElement {
  const { wizard: text } = useText();
  return (
    <li data-seen={isSeen}>
      <Sign name={isSeen ? "tick" : "badge"} />
      <b dir="auto">{line}</b>
      <output>{isSeen ? text.seen : text.waiting}</output>
    </li>
  );
}

const RESULT_SIGNS: Readonly<Record<NonNullable<Wizard["result"]>["kind"], SignName>> = {
  agree: "tick",
  change: "swap",
  ambiguous: "badge",
  disagree: "warn",
};

interface ResultProps {
  result: NonNullable<Wizard["result"]>;
  nameOf: (id: string) => string;
  inVote: boolean;
}

function Result({ result, nameOf, inVote }: ResultProps): ReactElement {
  const { wizard: text } = useText();
  const { send, act } = usePanel();
  const [asks, setAsks] = useState(false);
  const changes = result.kind === "change";
  const apply = (): void => act({ kind: "apply-format" });
  return (
    <section className="op-part op-result" data-result={result.kind} role="alert">
      <h2>
        <Sign name={RESULT_SIGNS[result.kind]} />
        <span>{text[result.kind]}</span>
      </h2>
      <p dir="auto">
        {changes ? fill(text.changeDetail, { name: nameOf(result.reader) }) : text[`${result.kind}Detail`]}
      </p>
      {changes && <FormatWords format={result.format} />}
      {asks ? (
        <FormatRisk isVoting={inVote} onAnyway={apply} onLeave={() => setAsks(false)} takesFocus />
      ) : (
        <div className="op-actions">
          <button
            type="button"
            className="op-button"
            data-strong={!changes && result.kind !== "ambiguous"}
            onClick={() => send({ kind: "close-sheet" })}
          >
            {result.kind === "agree" ? text.done : text.stop}
          </button>
          {changes && (
            <button
              type="button"
              className="op-button"
              data-strong="true"
              onClick={() => (inVote ? setAsks(true) : apply())}
            >
              {text.apply}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

function FormatWords({ format }: { format: UidFormat }): ReactElement {
  const { more } = useText();
  return (
    <dl className="op-facts">
      <div>
        <dt>{more.technology}</dt>
        <dd>{more.technologies[format.technology]}</dd>
      </div>
      <div>
        <dt>{more.digits}</dt>
        <dd>{more.forms[format.digits]}</dd>
      </div>
      <div>
        <dt>{more.order}</dt>
        <dd>{format.reversed ? more.reversed : more.forward}</dd>
      </div>
    </dl>
  );
}
