import { useEffect, useState } from "react";
import type { ReactElement } from "react";
import { FREE_PIN_TRIES } from "../../../shared/events/operator.ts";
import type { Sentence } from "../../../shared/sentences/sentence.ts";
import { useWords } from "../../ui/words-context.ts";
import { Sign } from "../Sign.tsx";
import type { Access } from "../step.ts";
import type { PanelStore } from "../store.ts";
import { useText } from "../text/text.ts";
import { useIdle } from "../use-idle.ts";
import { Locked } from "./Locked.tsx";
import { NewPin } from "./NewPin.tsx";
import { PinPad } from "./PinPad.tsx";

// Somebody held the corner by chance: the question comes back soon.
const IDLE_MS = 45_000;
// The station restarts within seconds; asked this often it is no burden.
const ASK_AGAIN_MS = 3_000;

interface GateProps {
  access: Access;
  store: PanelStore;
  onLeave: () => void;
}

/** Before the rooms: choose a PIN, type it, or wait. */
export function Gate({ access, store, onLeave }: GateProps): ReactElement {
  const text = useText();
  useIdle(IDLE_MS, 0, onLeave);
  return (
    <div className="op-gate">
      <main>
        <GateBody access={access} store={store} />
      </main>
      <button type="button" className="op-leave" onClick={onLeave}>
        <Sign name="kiosk" />
        <span>{text.leave}</span>
      </button>
    </div>
  );
}

function GateBody({ access, store }: { access: Access; store: PanelStore }): ReactElement | null {
  const { access: text } = useText();
  const words = useWords();
  const [refused, setRefused] = useState<Sentence | null>(null);
  const refusal = refused && words.say(refused);
  const enter = (pin: string): void => void store.enter(pin).then(setRefused);
  switch (access.state) {
    case "asking":
    case "in":
      return null;
    case "away":
      return <Away onRetry={store.askAccess} />;
    case "locked":
      return <Locked waitMs={access.waitMs} onOver={store.askAccess} />;
    case "choose":
      return <NewPin refusal={refusal} onPin={enter} />;
    case "ask": {
      const wrong = access.triesLeft < FREE_PIN_TRIES;
      return (
        <PinPad
          title={text.ask}
          detail={refusal ?? (wrong ? words.count(text.wrong, access.triesLeft) : text.askDetail)}
          isWrong={wrong || refusal !== null}
          onPin={enter}
        />
      );
    }
  }
}

function Away({ onRetry }: { onRetry: () => void }): ReactElement {
  const { access: text } = useText();
  useEffect(() => {
    const ticker = setInterval(onRetry, ASK_AGAIN_MS);
    return () => clearInterval(ticker);
  }, [onRetry]);
  return (
    <div className="op-centre" role="alert">
      <span className="op-big" data-tone="calm">
        <Sign name="line-lost" />
      </span>
      <h1>{text.away}</h1>
      <p className="op-lead">{text.awayDetail}</p>
      <button type="button" className="op-button" onClick={onRetry}>
        {text.retry}
      </button>
    </div>
  );
}
