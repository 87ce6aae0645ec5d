import { useState } from "react";
import type { ReactElement } from "react";
import type { PanelState } from "../../shared/events/operator.ts";
import { fill } from "../../shared/sentences/fill.ts";
import { useWords } from "../ui/words-context.ts";
import { NewPin } from "./access/NewPin.tsx";
import { Dialog } from "./Dialog.tsx";
import { usePanel } from "./panel-context.ts";
import { useText } from "./text/text.ts";

/** What is seldom needed: all steps once more, another PIN, and how tag numbers are compared. */
export function MoreRoom({ state }: { state: PanelState }): ReactElement {
  const text = useText();
  const { settings } = text;
  const words = useWords();
  const { send, act } = usePanel();
  const [changesPin, setChangesPin] = useState(false);
  return (
    <>
      <h1>{settings.title}</h1>
      <section className="op-card op-row">
        <div>
          <h2>{settings.guide}</h2>
          <p>{settings.guideDetail}</p>
        </div>
        <button type="button" className="op-button" onClick={() => send({ kind: "begin-path" })}>
          {settings.guide}
        </button>
      </section>
      <section className="op-card op-row">
        <div>
          <h2>{settings.pin}</h2>
          <p>{settings.pinDetail}</p>
        </div>
        <button type="button" className="op-button" onClick={() => setChangesPin(true)}>
          {settings.pinChange}
        </button>
      </section>
      <section className="op-card">
        <h2>{settings.numbers}</h2>
        <p>{fill(settings.bits, { n: words.number(state.lfBits) })}</p>
        <p data-collisions={state.collisions}>
          {state.collisions === 0 ? settings.noCollisions : words.count(settings.collisions, state.collisions)}
        </p>
      </section>
      {changesPin && (
        <Dialog title={settings.pinChange} onClose={() => setChangesPin(false)}>
          <NewPin
            onPin={(pin) => {
              act({ kind: "change-pin", pin });
              setChangesPin(false);
            }}
          />
        </Dialog>
      )}
    </>
  );
}
