import { useEffect, useState } from "react";

const GESTURES = ["pointerdown", "click", "keydown", "wheel"] as const;

/**
 * Milliseconds left before `afterMs` without a touch or a key have gone by, told once a second in the last `warnMs` of
 * them; null before that. At the end `onIdle` is called.
 */
export function useIdle(afterMs: number, warnMs: number, onIdle: () => void): number | null {
  const [leftMs, setLeftMs] = useState<number | null>(null);
  useEffect(() => {
    let touchedMs = performance.now();
    const touch = ({ type }: Event): void => {
      touchedMs = performance.now();
      // Not yet at the first half of a touch: its second half would do what lies under the notice.
      if (type === "click") setLeftMs(null);
    };
    const ticker = setInterval(() => {
      const left = touchedMs + afterMs - performance.now();
      if (left <= 0) onIdle();
      else setLeftMs(left <= warnMs ? left : null);
    }, 1_000);
    for (const gesture of GESTURES) addEventListener(gesture, touch, { capture: true, passive: true });
    return () => {
      clearInterval(ticker);
      for (const gesture of GESTURES) removeEventListener(gesture, touch, { capture: true });
    };
  }, [afterMs, warnMs, onIdle]);
  return leftMs;
}
