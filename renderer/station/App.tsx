import { useSyncExternalStore } from "react";
import type { ReactElement } from "react";
import { Announcer } from "./Announcer.tsx";
import { DemoPanel } from "./demo/DemoPanel.tsx";
import { Stage } from "./Stage.tsx";
import type { KioskStore } from "./store.ts";

/** The kiosk, and beside it, in demo mode, the readers that are not there. */
export function App({ store, textScale }: { store: KioskStore; textScale: number }): ReactElement {
  const state = useSyncExternalStore(store.subscribe, store.read);
  return (
    <div className="app">
      <Stage state={state} textScale={textScale} />
      {state.picture?.demo === true && <DemoPanel picture={state.picture} />}
      {state.picture !== null && <Announcer picture={state.picture} />}
    </div>
  );
}
