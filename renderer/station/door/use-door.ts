import { useEffect, useState } from "react";
import { HOLD_MS, SHOW_AFTER_MS, stepHold } from "./hold.ts";
import type { Hold, HoldEvent } from "./hold.ts";

/** Watches for whoever holds on; true while that is to be seen. @param closed nobody is let in now: somebody is in */
export function useDoor(closed: boolean, onOpen: () => void): boolean {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (closed) return undefined;
    const stopWatching = watch(setShown, onOpen);
    return () => {
      stopWatching();
      setShown(false);
    };
  }, [closed, onOpen]);
  return shown;
}

function watch(onShown: (shown: boolean) => void, onOpen: () => void): () => void {
  let hold: Hold = null;
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const stopTimers = (): void => {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
  };
  const take = (event: HoldEvent): void => {
    const before = hold;
    const [next, ...opens] = stepHold(before, event);
    hold = next;
    if (next !== before) {
      stopTimers();
      onShown(false);
      if (next !== null) {
        timers.add(setTimeout(() => onShown(true), SHOW_AFTER_MS));
        timers.add(setTimeout(() => take({ kind: "clock", nowMs: performance.now() }), HOLD_MS + 1));
      }
    }
    if (opens.length > 0) onOpen();
  };
  const place = ({ clientX, clientY }: PointerEvent): { x: number; y: number } => ({
    x: document.documentElement.dir === "rtl" ? innerWidth - clientX : clientX,
    y: clientY,
  });
  const end = (): void => take({ kind: "end" });
  const listeners = new AbortController();
  const options = { capture: true, passive: true, signal: listeners.signal };
  addEventListener("pointerdown", (e) => take({ kind: "finger-down", ...place(e), nowMs: performance.now() }), options);
  addEventListener("pointermove", (e) => take({ kind: "finger-move", ...place(e) }), options);
  addEventListener("keydown", ({ key }) => take({ kind: "key-down", key, nowMs: performance.now() }), options);
  for (const kind of ["pointerup", "pointercancel", "keyup", "blur"] as const) addEventListener(kind, end, options);
  // A finger held still asks a browser for its menu, which would take the finger from the page.
  addEventListener("contextmenu", (e) => hold !== null && e.preventDefault(), {
    capture: true,
    signal: listeners.signal,
  });
  return () => {
    listeners.abort();
    stopTimers();
  };
}
