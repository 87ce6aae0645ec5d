/** Who came in with the PIN: random ids in cookies, each good until the operator leaves or does nothing for a while. */
import { createHash } from "node:crypto";

/** An operator who was called away comes back within it; a kiosk left alone is not open for longer. */
export const IDLE_MS = 600_000;
/** The kiosk, and a tablet or two on the same computer's page; more come from somebody who forgot to leave. */
const MAX_SESSIONS = 4;

export type EndWhy = "left" | "idle";

export interface SessionsSurroundings {
  /** Random, in characters that a cookie takes. */
  newId: () => string;
  /** Never jumps; goes on while the computer sleeps. */
  nowMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  onEnd: (why: EndWhy) => void;
}

export interface Sessions {
  /** The new session's id; with as many as may be, the one unused for longest ends. */
  begin(): string;
  /** Is there such a session? It does not count as being used. */
  has(id: string): boolean;
  /** The same, and it is used: its time begins anew. */
  use(id: string): boolean;
  /** Run once when it ends, unless the function given back is called before. */
  atEnd(id: string, run: () => void): () => void;
  end(id: string): void;
  /** All but this one. */
  endOthers(id: string): void;
  stop(): void;
}

interface Session {
  usedMs: number;
  atEnd: Set<() => void>;
}

export function createSessions({ newId, nowMs, setTimer, onEnd }: SessionsSurroundings): Sessions {
  /** By the hash of their id, so that looking one up tells nothing of how much of a guess was right. Used last stands last. */
  const sessions = new Map<string, Session>();
  let cancel = () => {};
  const finish = (key: string, why: EndWhy) => {
    const session = sessions.get(key);
    if (!sessions.delete(key)) return;
    for (const run of session?.atEnd ?? []) run();
    onEnd(why);
  };
  const look = () => {
    cancel();
    for (const [key, { usedMs }] of sessions) {
      const leftMs = usedMs + IDLE_MS - nowMs();
      if (leftMs > 0) {
        cancel = setTimer(look, leftMs);
        return;
      }
      finish(key, "idle");
    }
  };
  const find = (id: string) => {
    look();
    const key = hash(id);
    const session = sessions.get(key);
    return session && { key, session };
  };
  return {
    begin() {
      look();
      const [oldest] = sessions.keys();
      if (sessions.size >= MAX_SESSIONS && oldest !== undefined) finish(oldest, "idle");
      const id = newId();
      sessions.set(hash(id), { usedMs: nowMs(), atEnd: new Set() });
      look();
      return id;
    },
    has: (id) => find(id) !== undefined,
    use(id) {
      const found = find(id);
      if (found === undefined) return false;
      found.session.usedMs = nowMs();
      sessions.delete(found.key);
      sessions.set(found.key, found.session);
      return true;
    },
    atEnd(id, run) {
      const session = find(id)?.session;
      session?.atEnd.add(run);
      return () => void session?.atEnd.delete(run);
    },
    end: (id) => finish(hash(id), "left"),
    endOthers(id) {
      const own = hash(id);
      for (const key of sessions.keys()) if (key !== own) finish(key, "left");
    },
    stop() {
      cancel();
      sessions.clear();
    },
  };
}

function hash(id: string): string {
  return createHash("sha256").update(id).digest("hex");
}
