/** The link on the screen: its state at once, the number of ballots safe here a few times a second at most. */
import type { ScreenLink } from "../../shared/events/stream.ts";
import type { LinkState } from "../link/link.ts";
import { linkView } from "./views.ts";

/** The number goes up and down with every tap; nobody reads it faster. */
const SAFE_HERE_EVERY_MS = 200;

export interface LinkSignSurroundings {
  safeHere: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  onLink: (link: ScreenLink) => void;
}

export interface LinkSign {
  state(): LinkState;
  show(state: LinkState): void;
  /** The organiser took this station out: that stands above whatever else the link goes through. */
  revoked(): void;
  isRevoked(): boolean;
  /** The number of ballots safe here may have changed. */
  count(): void;
  stop(): void;
}

export function createLinkSign({ safeHere, setTimer, onLink }: LinkSignSurroundings): LinkSign {
  let state: LinkState = { state: "connecting" };
  let revoked = false;
  let told: ScreenLink | undefined;
  let cancel: (() => void) | undefined;
  const tell = () => {
    const view = linkView(state, safeHere(), revoked);
    if (told !== undefined && JSON.stringify(view) === JSON.stringify(told)) return;
    told = view;
    onLink(view);
  };
  return {
    state: () => state,
    isRevoked: () => revoked,
    revoked() {
      revoked = true;
      tell();
    },
    show(next) {
      state = next;
      // A server that takes this station in has the last word: another event's, or one put back to before.
      if (next.state === "online" || next.state === "enrolling") revoked = false;
      tell();
    },
    count() {
      cancel ??= setTimer(() => {
        cancel = undefined;
        tell();
      }, SAFE_HERE_EVERY_MS);
    },
    stop: () => cancel?.(),
  };
}

/** What an organiser types to admit this station; null unless it waits for that. */
export function codeOf(state: LinkState): string | null {
  return state.state === "enrolling" ? state.code : null;
}
