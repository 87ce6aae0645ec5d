/** The operator room, put together from the station's parts. */
import { randomBytes } from "node:crypto";
import { statfs } from "node:fs/promises";
import type { ClockRecord } from "../../shared/domain/record.ts";
import type { Readiness } from "../../shared/events/operator.ts";
import type { ScreenDisk } from "../../shared/events/stream.ts";
import type { Journal } from "../../shared/journal/journal.ts";
import type { StationEvents } from "../../shared/journal/station-events.ts";
import type { Sentence } from "../../shared/sentences/sentence.ts";
import type { Clock } from "../clock.ts";
import { searchServers } from "../discovery/search.ts";
import { createNetwork } from "../network/network-manager.ts";
import { probeServer } from "../network/probe.ts";
import { createServerProbe } from "../network/server-probe.ts";
import type { ReadersDesk } from "../readers/desk.ts";
import type { Screen } from "../screen/screen.ts";
import { createOperator, type Operator, type ShownParts } from "./operator.ts";
import { createPinDoor, type PinDoor, type PinTold } from "./pin-door.ts";
import { verifyPin, type hashPin } from "./pin-hash.ts";
import type { ReadinessFacts } from "./readiness.ts";
import { createReport, type Report } from "./report.ts";
import { createServerChoice } from "./server-choice.ts";
import { createServerSearch } from "./server-search.ts";
import { createSessions } from "./sessions.ts";
import { setUpOf } from "./open-settings.ts";
import type { SettingsStore } from "./settings.ts";
import { createTestMode, type TestMode } from "./test-mode.ts";

const SESSION_BYTES = 32;

type Note = Journal<StationEvents>["note"];

export interface OperatorSurroundings {
  directory: string;
  /** The server that the command line names; null: none. */
  server: string | null;
  settings: SettingsStore;
  clock: Clock;
  desk: ReadersDesk;
  screen: Screen;
  lfBits: () => 24 | 32;
  /** The last measurement of the server's clock; null: none since the start. */
  serverClock: () => Pick<ClockRecord, "ms" | "uncertaintyMs"> | null;
  /** Of the station's log, which `serverClock` goes by. */
  logMs: () => number;
  event: () => ReadinessFacts["event"];
  versions: () => Readiness["versions"];
  /** Does the disk take votes? Never rejects. */
  probeDisk: () => Promise<{ ok: true } | { ok: false; reason: Sentence }>;
  onDisk: (disk: ScreenDisk) => void;
  /** The server's address is another from now on. */
  onServer: () => void;
  /** Test mode was switched. */
  onTesting: (on: boolean) => void;
  hashPin: typeof hashPin;
  note: Note;
}

export interface OpenOperator extends Operator {
  /** Where the server is, now. */
  serverAddress(): string;
  onTestTap(option: number): void;
  /** The station was admitted, or a PIN chosen. */
  lookAtSetUp(): void;
}

export function openOperator(around: OperatorSurroundings): OpenOperator {
  const { settings, clock, desk, screen, note } = around;
  const { setTimer, setTicker } = clock;
  const shown = screen.snapshot;
  const changed = () => operator.changed();
  const lookAtSetUp = () => {
    const setUp = setUpOf(settings, around.event());
    if (setUp !== shown().setUp) screen.publish({ kind: "set-up", setUp });
  };
  const server = createServerChoice(around.server, settings, () => {
    note("server.changed");
    probe.renew();
    around.onServer();
  });
  const probe = createServerProbe({
    ask: probeServer,
    address: server.address,
    online: () => shown().link.state === "online",
    setTimer,
    onProbed: changed,
  });
  const testMode = openTestMode(around, changed);
  const operator = createOperator({
    door: openDoor(around, lookAtSetUp),
    sessions: createSessions({
      newId: () => randomBytes(SESSION_BYTES).toString("base64url"),
      nowMs: clock.uptimeMs,
      setTimer,
      onEnd: (why) => note("operator.left", { why }),
    }),
    desk,
    server,
    search: createServerSearch((events) => searchServers({ setTimer, ...events }), changed),
    probe,
    network: createNetwork({ setTimer, setTicker, random: Math.random, onHint: changed }),
    testMode,
    report: openReport(around, () => readinessFacts(around, server.address(), probe.now()), changed),
    settingsLost: settings.damaged() !== null,
    shown: () => shownParts(around),
    // As one more screen: it is told of every change, and reads what is.
    onShown: (run) => screen.join({ write: run, waitingBytes: () => 0 }, undefined).leave,
    setTimer,
    note,
  });
  return { ...operator, serverAddress: server.address, onTestTap: testMode.tapped, lookAtSetUp };
}

function openDoor({ settings, hashPin: hash, clock, note }: OperatorSurroundings, onChosen: () => void): PinDoor {
  const { monotonicMs, setTimer } = clock;
  return createPinDoor({ settings, hash, verify: verifyPin, monotonicMs, setTimer, onPin: tellPin(note, onChosen) });
}

function openTestMode({ settings, screen, note, onTesting }: OperatorSurroundings, onCount: () => void): TestMode {
  return createTestMode({
    settings,
    poll: () => screen.snapshot().poll,
    onMode(on) {
      note(on ? "testing.on" : "testing.off");
      screen.publish({ kind: "testing", testing: on });
      onTesting(on);
    },
    onCount,
  });
}

function openReport(
  { desk, versions, probeDisk, onDisk, directory, clock }: OperatorSurroundings,
  facts: () => ReturnType<typeof readinessFacts>,
  onChange: () => void,
): Report {
  return createReport({
    claimTaps: desk.claimTaps,
    facts,
    versions,
    async lookAtDisk() {
      const probed = await probeDisk();
      onDisk(probed.ok ? { state: "good", reason: null } : { state: "failing", reason: probed.reason });
      return freeBytes(directory);
    },
    wallMs: clock.wallMs,
    onChange,
  });
}

function shownParts({ screen, clock, lfBits }: OperatorSurroundings): ShownParts {
  const { title, poll, link, disk } = screen.snapshot();
  return { nowMs: Math.max(0, Math.round(clock.wallMs())), title, poll, link, disk, lfBits: lfBits() };
}

function readinessFacts(
  { desk, screen, settings, serverClock, logMs, event }: OperatorSurroundings,
  address: string,
  probe: ReadinessFacts["probe"],
): Omit<ReadinessFacts, "taps" | "freeBytes"> {
  const { poll, tally, disk, link } = screen.snapshot();
  const measured = serverClock();
  return {
    readers: desk.view().readers,
    poll,
    tally,
    disk,
    clock: measured && { uncertaintyMs: measured.uncertaintyMs, measuredMs: measured.ms },
    nowMs: logMs(),
    link,
    probe,
    address,
    event: event(),
    testing: settings.now().testing,
  };
}

function tellPin(note: Note, onChosen: () => void): (told: PinTold) => void {
  return (told) => {
    if (told.kind === "chosen") {
      note("pin.chosen", { first: told.first });
      onChosen();
    } else if (told.waitMs > 0) note("pin.locked", { forS: Math.round(told.waitMs / 1000) });
    else note("pin.wrong");
  };
}

async function freeBytes(directory: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch {
    // A file system that does not say; whether it takes votes is told by the log.
    return null;
  }
}
