/** From a finger to the station: once for each touch, and told when the station did not take it. */
import type { OutcomeKind, Touch } from "../../../shared/events/stream.ts";

// A finger that bounces, or a key that is held down; nobody means the same answer twice that quickly.
const SAME_TOUCH_MS = 600;

export interface TouchEnds {
  /** The status of the station's answer; rejects when there is none. */
  readonly post: (touch: Touch) => Promise<number>;
  readonly nowMs: () => number;
  /** The station took nothing, and will say nothing of this touch. */
  readonly onNotTaken: (option: number, kind: OutcomeKind) => void;
}

export function createTouches({ post, nowMs, onNotTaken }: TouchEnds): (touch: Touch) => void {
  let last: { option: number; atMs: number } | null = null;
  const send = async (touch: Touch): Promise<void> => {
    try {
      const status = await post(touch);
      if (status === 409 || status === 429) onNotTaken(touch.option, "slow-down");
      else if (status >= 400) onNotTaken(touch.option, "not-stored");
    } catch {
      onNotTaken(touch.option, "not-stored");
    }
  };
  return (touch) => {
    const isSame = last?.option === touch.option && nowMs() - last.atMs < SAME_TOUCH_MS;
    last = { option: touch.option, atMs: nowMs() };
    if (!isSame) void send(touch);
  };
}

export async function postTouch(touch: Touch): Promise<number> {
  const { status } = await fetch("/touches", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(touch),
  });
  return status;
}
