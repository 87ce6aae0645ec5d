/** The panel's state to whoever looks: the whole of it at once, then after each change, ten times a second at most. */

/** Nobody reads faster, and each costs the whole state. */
const EVERY_MS = 100;
/** Two pages for each session. */
const MAX_LOOKERS = 8;
/** Two of the largest states: a page this far behind is told when it has taken them; then the newest only. */
const BEHIND_BYTES = 262_144;

export interface FeedLooker {
  /** Text of server-sent events. */
  write(text: string): void;
  /** Bytes it has not taken yet. */
  waitingBytes(): number;
}

export interface PanelFeed {
  /** Something may look different. */
  changed(): void;
  full(): boolean;
  lookers(): number;
  join(looker: FeedLooker): FeedLooking;
}

export interface FeedLooking {
  /** The page has taken what was written. */
  onRoom(): void;
  leave(): void;
}

export interface FeedSurroundings {
  view: () => unknown;
  setTimer: (run: () => void, delayMs: number) => () => void;
}

export function createPanelFeed({ view, setTimer }: FeedSurroundings): PanelFeed {
  const lookers = new Map<FeedLooker, { behind: boolean }>();
  let cancel: (() => void) | null = null;
  let again = false;
  const text = () => `event: panel\ndata: ${JSON.stringify(view())}\n\n`;
  const tell = () => {
    again = false;
    const now = text();
    for (const [looker, state] of lookers) {
      state.behind = looker.waitingBytes() > BEHIND_BYTES;
      if (!state.behind) looker.write(now);
    }
    cancel = setTimer(() => {
      cancel = null;
      if (again && lookers.size > 0) tell();
    }, EVERY_MS);
  };
  return {
    changed() {
      if (lookers.size === 0) return;
      again = true;
      if (cancel === null) tell();
    },
    full: () => lookers.size >= MAX_LOOKERS,
    lookers: () => lookers.size,
    join(looker) {
      const state = { behind: false };
      lookers.set(looker, state);
      looker.write(text());
      return {
        onRoom() {
          if (!state.behind || looker.waitingBytes() > BEHIND_BYTES) return;
          state.behind = false;
          looker.write(text());
        },
        leave() {
          lookers.delete(looker);
          if (lookers.size > 0) return;
          cancel?.();
          cancel = null;
        },
      };
    },
  };
}
