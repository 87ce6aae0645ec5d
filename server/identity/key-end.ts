/** The event key goes when the ledger says so; a disk that does not let go of it is asked again until it does. */
import type { ServerSecrets } from "./secrets.ts";

/** A full or read-only disk takes somebody's hand to mend; meanwhile the key is out of memory and sent to nobody. */
const TRY_AGAIN_MS = 30_000;

export interface KeyEndSurroundings {
  secrets: Pick<ServerSecrets, "destroyEventKey">;
  /** Run once after a delay; returns the way to cancel. */
  setTimer: (run: () => void, delayMs: number) => () => void;
  /** The disk did not let go of it; it is asked again. */
  onKept: (error: unknown) => void;
}

export interface KeyEnd {
  /** The ledger says that the key is destroyed. May be called again and again. */
  destroy(): void;
  /** Is it still on the disk, although it is to be destroyed? */
  isTrying(): boolean;
  close(): void;
}

export function createKeyEnd({ secrets, setTimer, onKept }: KeyEndSurroundings): KeyEnd {
  let state: "kept" | "trying" | "gone" = "kept";
  let stopTimer = () => {};
  const attempt = () => {
    state = "trying";
    try {
      secrets.destroyEventKey();
      state = "gone";
    } catch (error) {
      onKept(error);
      stopTimer = setTimer(attempt, TRY_AGAIN_MS);
    }
  };
  return {
    destroy() {
      if (state === "kept") attempt();
    },
    isTrying: () => state === "trying",
    close: () => stopTimer(),
  };
}
