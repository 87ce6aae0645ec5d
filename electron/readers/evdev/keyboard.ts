/** An open keyboard, as the driver and the finder need it; what really opens one is system-keyboard.ts. */
import type { ConnectedDeps } from "../connected-reader.ts";
import type { PathLook } from "../connection.ts";
import type { Trouble } from "../serial/trouble.ts";
import type { InputEvent } from "./input-event.ts";

export interface KeyboardHandle {
  /** Resolves when it is let go. Never rejects. */
  close(): Promise<void>;
}

export interface KeyboardEvents {
  onEvents(events: readonly InputEvent[]): void;
  /** It gives no more keys. May be called more than once, also after `close`. */
  onGone(trouble: Trouble): void;
}

export type KeyboardOpening = { ok: true; keyboard: KeyboardHandle } | { ok: false; trouble: Trouble };

/** Which device is plugged at a place now, and the path of its node. */
export interface Located {
  look: PathLook;
  path: string;
}

export interface EvdevDeps extends ConnectedDeps {
  /** Where a spec's place (evdev-spec.ts) is now. Never rejects. */
  locate: (place: string) => Promise<Located>;
  /** Opens it so that its keys go nowhere else. Never rejects. */
  grab: (path: string, events: KeyboardEvents) => Promise<KeyboardOpening>;
}
