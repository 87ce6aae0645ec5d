import { useCallback, useState, useSyncExternalStore } from "react";
import type { ReactElement } from "react";
import type { Touch } from "../../shared/events/stream.ts";
import { useWords } from "../ui/words-context.ts";
import { Announcer } from "./Announcer.tsx";
import { DemoPanel } from "./demo/DemoPanel.tsx";
import { HOLD_MS, SHOW_AFTER_MS } from "./door/hold.ts";
import { PanelPlace } from "./door/PanelPlace.tsx";
import { useDoor } from "./door/use-door.ts";
import { Stage } from "./Stage.tsx";
import type { KioskStore } from "./store.ts";

interface AppProps {
  store: KioskStore;
  textScale: number;
  onTouch: (touch: Touch) => void;
}

/** The kiosk; over it, for the operator, the panel; and beside both, in demo mode, the readers that are not there. */
export function App({ store, textScale, onTouch }: AppProps): ReactElement {
  const { text } = useWords();
  const state = useSyncExternalStore(store.subscribe, store.read);
  const [inside, setInside] = useState(false);
  const enter = useCallback(() => setInside(true), []);
  const leave = useCallback(() => setInside(false), []);
  const isHeld = useDoor(inside, enter);
  return (
    <>
      <div className="app">
        <div className="hall">
          <div className="kiosk" inert={inside}>
            <Stage state={state} textScale={textScale} onTouch={onTouch} onSetUp={enter} />
            {state.picture !== null && <Announcer picture={state.picture} />}
          </div>
          {inside && <PanelPlace onLeave={leave} />}
        </div>
        {state.picture?.demo === true && <DemoPanel picture={state.picture} withAll={inside} />}
      </div>
      {isHeld && (
        <p className="door-sign" style={{ "--for": `${HOLD_MS - SHOW_AFTER_MS}ms` }}>
          {text.door.hold}
        </p>
      )}
    </>
  );
}
