/** What is shown: the polls, what becomes of taps, and what goes wrong, on the one screen that all pages look at. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { toHex } from "../../shared/bytes.ts";
import { createOutcomes, type Outcomes } from "../ballot/outcomes.ts";
import { eventStanding, isOver } from "../identity/event-standing.ts";
import { tellingScreen } from "../journal/tell-changes.ts";
import { asideOf } from "../log/aside.ts";
import { sha256 } from "../log/sha256.ts";
import { setUpOf } from "../operator/open-settings.ts";
import { createPollBoard, type PollBoard } from "../picture/poll-board.ts";
import { createAsideWatch, type AsideWatch } from "../screen/aside-watch.ts";
import { createDiskWatch, type DiskWatch } from "../screen/disk-watch.ts";
import { createScreen, type Screen } from "../screen/screen.ts";
import { linkView, pollView } from "../screen/views.ts";
import { type Ground, LOG_FILE } from "./ground.ts";

export interface Shown {
  board: PollBoard;
  asides: AsideWatch;
  screen: Screen;
  outcomes: Outcomes;
  disk: DiskWatch;
}

/**
 * @param onPoll the question may be another, or no longer open
 * @param onClosed a poll was closed; from before this call on, nobody can vote in it
 */
export function createShown(ground: Ground, onPoll: () => void, onClosed: () => void): Shown {
  const { log, watch } = ground;
  const { clock, directory } = ground.options;
  const board = createPollBoard({
    kept: log.kept.get("picture"),
    keep: (bytes, soon) => log.keep("picture", bytes, soon),
    monotonicMs: clock.monotonicMs,
    setTimer: clock.setTimer,
    sha256,
    onPoll(poll, tally) {
      screen.publish({ kind: "poll", poll, tally });
      onPoll();
    },
    onTally: (tally) => screen.publish({ kind: "tally", tally }),
    onTitle: (title) => screen.publish({ kind: "title", title }),
    onClosed,
  });
  const asides = createAsideWatch({
    list: () => asideOf(join(directory, LOG_FILE)),
    setTicker: clock.setTicker,
    onDamage: (damage) => screen.publish({ kind: "damage", damage }),
  });
  const screen = tellingScreen(firstScreen(ground, board, asides), watch);
  const outcomes = createOutcomes({
    nowMs: clock.monotonicMs,
    show: (outcome) => screen.publish({ kind: "outcome", outcome }),
  });
  const disk = createDiskWatch({
    probe: log.probe,
    setTimer: clock.setTimer,
    onDisk: (state) => screen.publish({ kind: "disk", disk: state }),
  });
  return { board, asides, screen, outcomes, disk };
}

/** As it is before the first reader and the first word of the server. */
function firstScreen({ options, identity, settings, testing }: Ground, board: PollBoard, asides: AsideWatch): Screen {
  return createScreen(toHex(randomBytes(6)), {
    title: board.title(),
    demo: options.demo,
    poll: pollView(board.current()),
    tally: board.tally(),
    link: linkView({ state: "connecting" }, 0),
    disk: { state: "good", reason: null },
    damage: asides.now(),
    branch: null,
    over: isOver(identity),
    readers: [],
    testing: testing(),
    setUp: setUpOf(settings, eventStanding(identity)),
    touch: null,
  });
}
