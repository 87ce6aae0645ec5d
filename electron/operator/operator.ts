/** The operator room: who may come in, what the panel shows, and what it does. Pages and sockets are the routes' business. */
import type { PanelAccess, PanelAction, PanelRefusal, PanelState } from "../../shared/events/operator.ts";
import type { Journal } from "../../shared/journal/journal.ts";
import type { StationEvents } from "../../shared/journal/station-events.ts";
import { oneLine } from "../../shared/one-line.ts";
import { say } from "../../shared/sentences/sentence.ts";
import type { Network } from "../network/network-manager.ts";
import type { ServerProbe } from "../network/server-probe.ts";
import type { ReadersDesk } from "../readers/desk.ts";
import { createPanelFeed, type FeedLooker, type FeedLooking } from "./panel-feed.ts";
import type { Entered, PinDoor } from "./pin-door.ts";
import { refused } from "./refusal.ts";
import type { Report } from "./report.ts";
import type { ServerChoice } from "./server-choice.ts";
import type { ServerSearch } from "./server-search.ts";
import type { Sessions } from "./sessions.ts";
import { SETTINGS_FILE } from "./settings.ts";
import type { TestMode } from "./test-mode.ts";

/** A page that is loaded anew is back within it; an operator who left must not keep taps from being votes. */
const LEFT_ALONE_MS = 10_000;

/** What the panel takes. */
const MAX_NAME_LENGTH = 299;

export type ShownParts = Pick<PanelState, "nowMs" | "title" | "poll" | "link" | "disk" | "lfBits">;

export interface OperatorParts {
  door: PinDoor;
  sessions: Sessions;
  desk: ReadersDesk;
  server: ServerChoice;
  search: ServerSearch;
  probe: ServerProbe;
  network: Network;
  testMode: TestMode;
  report: Report;
  /** The file of what the operator chose was damaged at the start. */
  settingsLost: boolean;
  /** What the voters' screen knows too. */
  shown: () => ShownParts;
  /** Called after each change of it, until the function given back is called. */
  onShown: (run: () => void) => () => void;
  setTimer: (run: () => void, delayMs: number) => () => void;
  note: Journal<StationEvents>["note"];
}

export interface Operator {
  access(session: string | undefined): PanelAccess;
  /** @returns on `in` the new session's id */
  enter(pin: string): Promise<Exclude<Entered, { kind: "in" }> | { kind: "in"; session: string }>;
  /** Null when it is done; `undefined` to whoever is not in. */
  act(session: string | undefined, action: PanelAction): Promise<PanelRefusal | null | undefined>;
  /** Look at the panel until it is left, or the session ends, which `onEnd` tells. */
  look(session: string | undefined, looker: FeedLooker, onEnd: () => void): FeedLooking | "out" | "full";
  /** Something of the panel's state may be another. */
  changed(): void;
  stop(): void;
}

export function createOperator(parts: OperatorParts): Operator {
  const { door, sessions, desk, report } = parts;
  const feed = createPanelFeed({ view: () => panelState(parts), setTimer: parts.setTimer });
  let stopLooking: (() => void) | null = null;
  let cancelAlone = () => {};
  let stopped = false;

  const begin = () => {
    cancelAlone();
    if (stopLooking !== null) return;
    const stops = [desk.onChange(feed.changed), parts.onShown(feed.changed), parts.probe.look(), parts.network.look()];
    stopLooking = () => stops.forEach((stop) => stop());
  };
  const lookAway = () => {
    if (stopped || feed.lookers() > 0) return;
    stopLooking?.();
    stopLooking = null;
    cancelAlone();
    cancelAlone = parts.setTimer(report.finish, LEFT_ALONE_MS);
  };
  const look: Operator["look"] = (session, looker, onEnd) => {
    if (session === undefined || !sessions.has(session)) return "out";
    if (feed.full()) return "full";
    begin();
    const looking = feed.join(looker);
    const forget = sessions.atEnd(session, onEnd);
    return {
      onRoom: looking.onRoom,
      leave() {
        forget();
        looking.leave();
        lookAway();
      },
    };
  };

  return {
    access: (session) => (session !== undefined && sessions.has(session) ? { state: "in" } : door.access()),
    async enter(pin) {
      const entered = await door.enter(pin);
      if (entered.kind !== "in") return entered;
      parts.note("operator.entered");
      return { kind: "in", session: sessions.begin() };
    },
    async act(session, action) {
      if (session === undefined || !sessions.use(session)) return undefined;
      const refusal = await runAction(parts, session, action);
      feed.changed();
      // A report begun while no page looks would keep the voters' taps for ever.
      lookAway();
      return refusal;
    },
    look,
    changed: feed.changed,
    stop() {
      // Pages are let go after this.
      stopped = true;
      cancelAlone();
      stopLooking?.();
      parts.search.stop();
      report.finish();
      sessions.stop();
      door.stop();
    },
  };
}

async function runAction(parts: OperatorParts, session: string, action: PanelAction): Promise<PanelRefusal | null> {
  switch (action.kind) {
    case "listen":
    case "stop-listening":
    case "assign":
    case "swap":
    case "rename":
    case "set-format":
    case "set-gap":
    case "remove":
    case "test-signal":
    case "start-wizard":
    case "apply-format":
    case "stop-wizard":
    case "dismiss-conflict": {
      const why = await parts.desk.act(action);
      return why && refused(why);
    }
    case "test-mode":
      return parts.testMode.set(action.on);
    case "start-readiness":
      parts.report.start();
      return null;
    case "finish-readiness":
      if (!parts.report.isRunning()) return refused(say("no-report"));
      parts.report.finish();
      return null;
    case "search-server":
      parts.search.start();
      return null;
    case "set-server":
      return parts.server.choose(action.address);
    case "change-pin": {
      const refusal = await parts.door.change(action.pin);
      // Whoever knew the old one may be in with it.
      if (refusal === null) parts.sessions.endOthers(session);
      return refusal;
    }
    case "leave":
      parts.sessions.end(session);
      return null;
  }
}

const LOST_SETTINGS: PanelState["troubles"][number] = {
  kind: null,
  reason: say("settings-lost", { file: `${SETTINGS_FILE}.damaged` }),
};

function panelState(parts: OperatorParts): PanelState {
  const { server, search, probe, network, testMode, report } = parts;
  const view = parts.desk.view();
  return {
    ...parts.shown(),
    ...view,
    troubles: [...(parts.settingsLost ? [LOST_SETTINGS] : []), ...view.troubles],
    server: {
      address: server.address(),
      fixed: server.fixed,
      searching: search.searching(),
      found: search.found().map(({ address, name }) => ({ address, name: oneLine(name, MAX_NAME_LENGTH) })),
      probe: probe.now(),
    },
    network: { hint: network.hint() },
    test: testMode.view(),
    readiness: report.view(),
  };
}
