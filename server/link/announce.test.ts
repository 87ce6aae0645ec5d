import { expect, test } from "vitest";
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import { FRAME, encodeFrame, type Frame } from "../../shared/link/frames.ts";
import type { Committed } from "../ledger/ledger.ts";
import { frameOnce } from "../push/turn-writer.ts";
import { createAnnouncer } from "./announce.ts";
import type { Session } from "./session.ts";

const HASH = "ab".repeat(32);

const framed = (frame: Frame) => toHex(frameOnce(encodeFrame(frame)));
const SETTINGS = framed([FRAME.settings, [[1, 24]]]);
const ROLL = framed([FRAME.roll, [bytesOfHex(HASH)]]);

/** A station on the link, and the frames it was sent. */
function createStation(version: number) {
  const told: string[] = [];
  const state = { step: "admitted", station: "cd".repeat(16), version, software: "", sinceMs: 0 } as const;
  const session: Session = {
    state: { ...state, reaches: new Map() },
    onMessage: () => {},
    onStation: () => {},
    onTick: () => {},
    push: (bytes) => void told.push(toHex(bytes)),
    onClosed: () => {},
  };
  return { session, told };
}

test("a roll that comes with other bits in one commit is told after them: its tag keys are made under them", () => {
  const [station, old] = [createStation(2), createStation(1)];
  const links = { sessions: () => [station.session, old.session], of: () => [] };
  const announcer = createAnnouncer(links, { destroyed: false, lfBits: 32 });
  const commit: Committed = {
    cursor: 9,
    polls: [],
    stations: [],
    branches: [],
    roll: [HASH],
    keyDestroyed: null,
    lfBits: 24,
  };
  announcer.onCommit(commit);
  expect(station.told).toEqual([SETTINGS, ROLL]);
  expect(old.told).toEqual([ROLL]);
});
