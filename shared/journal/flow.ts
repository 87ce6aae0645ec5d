/** How often one event may be written: a link that flaps must not fill the disk, nor hide what else happens. */

/** In each window the first so many lines of an event are written; 10,000 stations that connect at once make as many. */
export const LINES_PER_WINDOW = 60;
export const WINDOW_MS = 60_000;

/** Of one event, within one window. */
export interface Flow {
  sinceMs: number;
  said: number;
  /** Not written since then. */
  held: number;
}

/** One more line: the flow after it, whether it may be written, and how many of the window before were not. */
export function stepFlow(flow: Flow | undefined, nowMs: number): { flow: Flow; pass: boolean; heldBefore: number } {
  if (flow === undefined || nowMs - flow.sinceMs >= WINDOW_MS || nowMs < flow.sinceMs) {
    return { flow: { sinceMs: nowMs, said: 1, held: 0 }, pass: true, heldBefore: flow?.held ?? 0 };
  }
  if (flow.said < LINES_PER_WINDOW) return { flow: { ...flow, said: flow.said + 1 }, pass: true, heldBefore: 0 };
  return { flow: { ...flow, held: flow.held + 1 }, pass: false, heldBefore: 0 };
}
