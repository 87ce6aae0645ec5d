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
  /** The number of ballots safe here may have changed. */
  count(): void;
  stop(): void;
}

export function createLinkSign({ safeHere, setTimer, onLink }: LinkSignSurroundings): LinkSign {
  let state: LinkState = { state: "connecting" };
  let told: ScreenLink | undefined;
  let cancel: (() => void) | undefined;
  const tell = () => {
    const view = linkView(state, safeHere());
    if (told !== undefined && JSON.stringify(view) === JSON.stringify(told)) return;
    told = view;
    onLink(view);
  };
  return {
    state: () => state,
    show(next) {
      state = next;
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
