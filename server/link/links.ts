/**
 * The links there are, and those of one station without a look at all the others: with 10,000 of them, what each link does
 * once must not cost a look at each.
 */
import type { Session } from "./session.ts";

export interface Links<Peer> {
  readonly size: number;
  /** In the order they came. */
  sessions(): Iterable<Session>;
  peers(): Iterable<Peer>;
  session(peer: Peer): Session | undefined;
  add(peer: Peer, session: Session): void;
  /** Its station has proved its key. */
  arrived(peer: Peer, session: Session): void;
  /** Of a station that has proved its key, oldest first. */
  of(station: string): readonly [Peer, Session][];
  /** Those that wait for an organiser's approval. */
  waiting(): readonly Session[];
  remove(peer: Peer): void;
}

export function createLinks<Peer>(): Links<Peer> {
  const all = new Map<Peer, Session>();
  /** Nearly every station has one link; a list for each would be most of what this needs. */
  const byStation = new Map<string, Peer | Peer[]>();
  const waiting = new Set<Session>();
  const peersOf = (station: string): readonly Peer[] => {
    const found = byStation.get(station);
    if (found === undefined) return [];
    return Array.isArray(found) ? found : [found];
  };
  const put = (station: string, peers: readonly Peer[]) => {
    const [only] = peers;
    if (only === undefined) byStation.delete(station);
    else byStation.set(station, peers.length === 1 ? only : [...peers]);
  };
  return {
    get size() {
      return all.size;
    },
    sessions: () => all.values(),
    peers: () => all.keys(),
    session: (peer) => all.get(peer),
    add: (peer, session) => void all.set(peer, session),
    arrived(peer, session) {
      const { state } = session;
      if (state.step === "greeting") return;
      const { station } = state;
      put(station, [...peersOf(station), peer]);
      if (state.step === "waiting") waiting.add(session);
    },
    of: (station) =>
      peersOf(station).flatMap((peer): [Peer, Session][] => {
        const session = all.get(peer);
        return session === undefined ? [] : [[peer, session]];
      }),
    waiting() {
      // Whoever was let in meanwhile waits no more.
      for (const session of waiting) if (session.state.step !== "waiting") waiting.delete(session);
      return [...waiting];
    },
    remove(peer) {
      const session = all.get(peer);
      if (session === undefined) return;
      all.delete(peer);
      waiting.delete(session);
      if (session.state.step === "greeting") return;
      const { station } = session.state;
      put(
        station,
        peersOf(station).filter((other) => other !== peer),
      );
    },
  };
}
