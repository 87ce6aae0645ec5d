/** What all links, or all of one station, are told when something was committed: framed once for all of them. */
import { bytesOfHex } from "../../shared/bytes.ts";
import { FRAME, STANDING_CODES, encodeFrame, type Frame } from "../../shared/link/frames.ts";
import type { Committed } from "../ledger/ledger.ts";
import { frameOnce } from "../push/turn-writer.ts";
import type { Session } from "./session.ts";

export interface Announcer {
  onCommit(committed: Committed): void;
  onTitle(title: string): void;
}

/** `destroyed`: was the event key destroyed before any of these links was there? */
export function createAnnouncer(sessions: () => Iterable<Session>, destroyed: boolean): Announcer {
  let forgotten = destroyed;
  const tell = (frame: Frame, isMeant: (session: Session) => boolean) => {
    const framed = frameOnce(encodeFrame(frame));
    for (const session of sessions()) if (isMeant(session)) session.push(framed);
  };
  const isAdmitted = ({ state }: Session) => state.step === "admitted";
  const tellStations = ({ stations }: Committed) => {
    if (stations.length === 0) return;
    const changed = new Set(stations.map(({ station }) => station));
    for (const session of sessions())
      if (session.state.step !== "greeting" && changed.has(session.state.arrival.station)) session.onStation();
  };
  return {
    onCommit(committed) {
      // Before anybody is let in by this commit, who is told all of it at once.
      for (const { log, station, standing } of committed.branches) {
        const frame: Frame = [FRAME.standing, bytesOfHex(log), STANDING_CODES[standing]];
        tell(frame, ({ state }) => state.step === "admitted" && state.arrival.station === station);
      }
      if (committed.roll !== null) tell([FRAME.roll, committed.roll.map(bytesOfHex)], isAdmitted);
      if (committed.keyDestroyed !== null && !forgotten) {
        forgotten = true;
        tell([FRAME.forget], isAdmitted);
      }
      tellStations(committed);
    },
    onTitle: (title) => tell([FRAME.event, title], ({ state }) => state.step !== "greeting"),
  };
}
