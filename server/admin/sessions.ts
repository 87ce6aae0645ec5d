/** Who is logged in: bearer tokens, kept in memory by their hash. A restart logs everybody out. */
import { KeptToken, newToken } from "./token.ts";

/** A working day at an event; each use moves it on. */
export const SESSION_MS = 12 * 3_600_000;
/** An organiser's team with several devices each; the one unused for longest gives way to a new one. */
export const MAX_SESSIONS = 100;

export interface Sessions {
  start(): { token: string; expiresAtMs: number };
  /** Is it a session's token? Moves its expiry on. */
  use(token: string): boolean;
  /** False when it was no session's. */
  end(token: string): boolean;
}

export function createSessions(clock: () => number): Sessions {
  // In order of last use.
  let sessions: { kept: KeptToken; expiresAtMs: number }[] = [];

  /** Takes the token's session out of the list. All are compared, so that the time tells nothing. */
  const take = (token: string): boolean => {
    const guess = new KeptToken(token);
    const nowMs = clock();
    const others = sessions.filter(({ kept }) => !kept.equals(guess));
    const found = sessions.length > others.length;
    sessions = others.filter(({ expiresAtMs }) => expiresAtMs > nowMs);
    return found;
  };
  const live = (token: string): boolean => {
    const guess = new KeptToken(token);
    const nowMs = clock();
    return sessions.filter(({ kept }) => kept.equals(guess)).some(({ expiresAtMs }) => expiresAtMs > nowMs);
  };
  const put = (token: string): number => {
    const expiresAtMs = clock() + SESSION_MS;
    sessions.push({ kept: new KeptToken(token), expiresAtMs });
    if (sessions.length > MAX_SESSIONS) sessions.shift();
    return expiresAtMs;
  };

  return {
    start() {
      const token = newToken();
      return { token, expiresAtMs: put(token) };
    },
    use(token) {
      if (!live(token)) return false;
      take(token);
      put(token);
      return true;
    },
    end: take,
  };
}
