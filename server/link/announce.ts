/** What all links, or all of one station, are told when something was committed: framed once for all of them. */
import { bytesOfHex } from "../../shared/bytes.ts";
import { FRAME, STANDING_CODES, encodeFrame, type Frame } from "../../shared/link/frames.ts";
import type { LfBits } from "../../shared/domain/event-settings.ts";
import type { Committed } from "../ledger/ledger.ts";
import { frameOnce } from "../push/turn-writer.ts";
import type { Links } from "./links.ts";
import type { Session } from "./session.ts";
import { settingsFrame } from "./settings-frame.ts";

export interface Announcer {
  onCommit(committed: Committed): void;
  onTitle(title: string): void;
}

/** What every link that is there when it is made, or comes before a commit, was told at its start. */
export interface ToldBefore {
  /** Was the event key destroyed? */
  destroyed: boolean;
  lfBits: LfBits;
}

export function createAnnouncer(links: Pick<Links<unknown>, "sessions" | "of">, before: ToldBefore): Announcer {
  let { destroyed: forgotten, lfBits } = before;
  const sessionsOf = (station: string) => links.of(station).map(([, session]) => session);
  const tell = (frame: Frame, sessions: Iterable<Session>, isMeant: (session: Session) => boolean) => {
    const framed = frameOnce(encodeFrame(frame));
    for (const session of sessions) if (isMeant(session)) session.push(framed);
  };
  const isAdmitted = ({ state }: Session) => state.step === "admitted";
  const speaks2 = ({ state }: Session) => state.step === "admitted" && state.version >= 2;
  const tellStations = ({ stations }: Committed) => {
    for (const { station } of stations) for (const session of sessionsOf(station)) session.onStation();
  };
  return {
    onCommit(committed) {
      // Before anybody is let in by this commit, who is told all of it at once.
      for (const { log, station, standing } of committed.branches) {
        const frame: Frame = [FRAME.standing, bytesOfHex(log), STANDING_CODES[standing]];
        tell(frame, sessionsOf(station), isAdmitted);
      }
      // Before the roll, whose tag keys are made under them.
      if (committed.lfBits !== lfBits) {
        ({ lfBits } = committed);
        tell(settingsFrame(lfBits), links.sessions(), speaks2);
      }
      if (committed.roll !== null) tell([FRAME.roll, committed.roll.map(bytesOfHex)], links.sessions(), isAdmitted);
      if (committed.keyDestroyed !== null && !forgotten) {
        forgotten = true;
        tell([FRAME.forget], links.sessions(), isAdmitted);
      }
      tellStations(committed);
    },
    onTitle: (title) => tell([FRAME.event, title], links.sessions(), ({ state }) => state.step !== "greeting"),
  };
}
