/** Into an event: the logs of it that are on this disk go to the outbox, and a new one is begun. */
import type { StoredLog } from "./log-messages.ts";
import type { OwnLogs } from "./own-logs.ts";

/** Until the disk takes the beginning of a log. */
const AGAIN_MS = 3_000;

export interface JoiningSurroundings {
  own: Pick<OwnLogs, "foundOf" | "begin">;
  outbox: { add(log: StoredLog): void };
  /** The event that this station is enrolled in; undefined before it is. */
  event: () => Uint8Array | undefined;
  setTimer: (run: () => void, delayMs: number) => () => void;
  onJoinedAgain: () => void;
}

export interface Joining {
  /** Rejects when the disk does not take the beginning of a log. */
  join(event: Uint8Array): Promise<void>;
  /** The file was opened anew: join once more, as often as it takes. */
  again(): void;
  stop(): void;
}

export function createJoining({ own, outbox, event, setTimer, onJoinedAgain }: JoiningSurroundings): Joining {
  let cancel = () => {};
  const join = async (joined: Uint8Array) => {
    for (const stored of own.foundOf(joined)) outbox.add(stored);
    outbox.add(await own.begin(joined));
  };
  const joinAgain = async () => {
    const enrolled = event();
    try {
      if (enrolled !== undefined) await join(enrolled);
      onJoinedAgain();
    } catch {
      cancel();
      cancel = setTimer(() => void joinAgain(), AGAIN_MS);
    }
  };
  return { join, again: () => void joinAgain(), stop: () => cancel() };
}
