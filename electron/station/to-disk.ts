/** From a tap to the disk: judged, stored in the station's own log, and when a poll closes, said to be all. */
import { randomBytes } from "node:crypto";
import { TAG_KEY_BYTES } from "../../shared/domain/record.ts";
import { createBallotBox, type BallotBox, type BallotBoxSurroundings } from "../ballot/ballot-box.ts";
import { createDrain, type Drain } from "../ballot/drain.ts";
import { createTouchVotes, type TouchVotes } from "../ballot/touch-votes.ts";
import { isOver } from "../identity/event-standing.ts";
import { createOwnLogs, type OwnLogs } from "../log/own-logs.ts";
import { sha256 } from "../log/sha256.ts";
import type { StationReaders } from "../readers/station-readers.ts";
import { createRoll, type Roll } from "../roll/roll.ts";
import type { LinkSign } from "../screen/link-sign.ts";
import { tagKeyOf } from "../tap/tag-key.ts";
import type { Ground } from "./ground.ts";
import type { Shown } from "./shown.ts";

export interface ToDisk {
  roll: Roll;
  own: OwnLogs;
  box: BallotBox;
  touchVotes: TouchVotes;
  drain: Drain;
}

export interface ToDiskSurroundings extends Pick<BallotBoxSurroundings, "onTestTap" | "onLeft" | "onStored"> {
  /** Asked at each tap. */
  sign: () => Pick<LinkSign, "state" | "isRevoked">;
  signal: StationReaders["signal"];
}

export function createToDisk(ground: Ground, shown: Shown, around: ToDiskSurroundings): ToDisk {
  const { identity, log, logClock } = ground;
  const { clock } = ground.options;
  const { outcomes, screen } = shown;
  const signal: BallotBoxSurroundings["signal"] = (reader, word) => void around.signal(reader, word);
  const roll = createRoll({ kept: log.kept, keep: log.keep, sha256, lfBits: ground.eventSettings.lfBits });
  const own = createOwnLogs({
    store: log,
    key: identity.key,
    openedAtMs: logClock.openedAtMs,
    logMs: logClock.nowMs,
    randomBytes,
    sha256,
  });
  const box = createBallotBox({
    append: log.append,
    readerNumber: log.readerNumber,
    tagKey(uid) {
      const eventKey = identity.enrolment()?.eventKey;
      return eventKey ? tagKeyOf(eventKey, uid) : undefined;
    },
    roll,
    logMs: logClock.nowMs,
    situation: situationOf(ground, shown, around.sign),
    outcomes,
    signal,
    onChoose: (voter, place) => touchVotes.tapped(voter, place),
    onTestTap: around.onTestTap,
    log: own.current,
    onLeft: around.onLeft,
    onStored(place, record) {
      around.onStored(place, record);
      if (record.kind === "ballot") shown.board.voted();
    },
    onDisk: shown.disk.heard,
  });
  const touchVotes = createTouchVotes({
    monotonicMs: clock.monotonicMs,
    setTimer: clock.setTimer,
    poll: shown.board.current,
    chooses: () => screen.snapshot().readers.some(({ chooses, state }) => chooses && state === "present"),
    newTagKey: () => new Uint8Array(randomBytes(TAG_KEY_BYTES)),
    judge: box.judge,
    cast: box.castFor,
    outcomes,
    signal,
    onTouch: (touch) => screen.publish({ kind: "touch", touch }),
  });
  return { roll, own, box, touchVotes, drain: createDrainOf(ground, shown, own, box) };
}

function situationOf(
  { identity, testing }: Ground,
  { board, screen }: Shown,
  sign: ToDiskSurroundings["sign"],
): BallotBoxSurroundings["situation"] {
  return () => ({
    branch: screen.snapshot().branch,
    testing: testing(),
    ended: isOver(identity) ? "event-over" : sign().isRevoked() ? "revoked" : null,
    poll: board.current(),
    online: sign().state().state === "online",
    shownForMs: board.shownForMs(),
  });
}

function createDrainOf({ log, logClock, options }: Ground, { board }: Shown, own: OwnLogs, box: BallotBox): Drain {
  return createDrain({
    settled: box.settled,
    closed: board.closed,
    currentLog: own.current,
    leafLogs: () => own.leaves().map((leaf) => leaf.log),
    // A log of an older opening has its own time, which stands still.
    note: (record, into) =>
      box.note({ ...record, ms: own.leaves().find((leaf) => leaf.log === into)?.ms ?? record.ms }, into),
    logMs: logClock.nowMs,
    setTimer: options.clock.setTimer,
    kept: log.kept.get("drained"),
    keep: (bytes) => log.keep("drained", bytes),
  });
}
