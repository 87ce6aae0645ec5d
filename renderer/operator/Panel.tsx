import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { ReactElement } from "react";
import { useBox } from "../station/layout/use-box.ts";
import { Gate } from "./access/Gate.tsx";
import { PanelContext } from "./panel-context.ts";
import { House } from "./House.tsx";
import { createPanelStore } from "./store.ts";
import type { PanelStore } from "./store.ts";
import { useText } from "./text/text.ts";
import type { PanelTransport } from "./transport.ts";

// As on the kiosk: very long or very wide windows must not blow up the letters.
const UNITS_ON_SHORT_SIDE = 66;

interface PanelProps {
  transport: PanelTransport;
  textScale: number;
  onLeave: () => void;
}

/** The whole panel: the gate, and behind it the rooms. */
export function Panel({ transport, textScale, onLeave }: PanelProps): ReactElement {
  const text = useText();
  const [store] = useState(() => createStore(transport));
  const page = useSyncExternalStore(store.subscribe, store.read);
  const [box, { width, height }] = useBox<HTMLDivElement>();
  const unit = Math.min(Math.sqrt(width * height) / 100, Math.min(width, height) / UNITS_ON_SHORT_SIDE);
  useEffect(() => store.open(), [store]);
  const hands = useMemo(
    () => ({
      send: store.send,
      act: (action: Parameters<PanelTransport["act"]>[0]) => store.send({ kind: "act", action }),
    }),
    [store],
  );
  const gone = useRef(false);
  const leave = useCallback(() => {
    if (gone.current) return;
    gone.current = true;
    // The way back never waits for the station: a visit that it does not hear the end of ends by itself.
    void store.leave();
    onLeave();
  }, [store, onLeave]);
  return (
    <PanelContext value={hands}>
      <section
        className="op"
        ref={box}
        aria-label={text.title}
        data-wide={width > height}
        style={{ "--unit": `${unit}px`, "--type": `${unit * textScale}px` }}
      >
        {page.access.state === "in" && page.told !== null ? (
          <House page={page} told={page.told} onLeave={leave} />
        ) : (
          <Gate access={page.access} store={store} onLeave={leave} />
        )}
      </section>
    </PanelContext>
  );
}

function createStore(transport: PanelTransport): PanelStore {
  return createPanelStore({
    transport,
    requestFrame: (draw) => requestAnimationFrame(draw),
    nowMs: () => performance.now(),
  });
}
