/** Whatever changes on the screen, as lines of the journal and as counts: the screen is told of all that matters. */
import { CLOSE_SENTENCES, type CloseName } from "../../shared/link/close-codes.ts";
import type { ScreenDisk, ScreenEvent, ScreenLink } from "../../shared/events/stream.ts";
import type { CloseWhy } from "../../shared/journal/fields.ts";
import type { Journal } from "../../shared/journal/journal.ts";
import type { StationEvents } from "../../shared/journal/station-events.ts";
import type { StationCounts } from "../metrics/station-counts.ts";
import type { Screen } from "../screen/screen.ts";
import { diskFaultOf } from "./fault-words.ts";

type Change = Exclude<ScreenEvent, { kind: "snapshot" }>;

export interface ChangeTellings {
  /** To be called with each change, before the screen is. */
  tell(change: Change): void;
  /** The link ended; undefined when it just broke. What the screen is told next says no more why. */
  onClosed(why: CloseName | undefined): void;
}

/** The same screen, which tells its changes on. */
export function tellingScreen(screen: Screen, { tell }: Pick<ChangeTellings, "tell">): Screen {
  return {
    ...screen,
    publish(change) {
      tell(change);
      screen.publish(change);
    },
  };
}

export function tellChanges(
  { note }: Pick<Journal<StationEvents>, "note">,
  counts: Pick<StationCounts, "outcomes" | "linkUps" | "linkDowns">,
  monotonicMs: () => number,
): ChangeTellings {
  const link = linkTellings(note, counts);
  const onDisk = diskTelling(note, monotonicMs);
  let over = false;
  return {
    onClosed: link.onClosed,
    tell(change) {
      switch (change.kind) {
        case "outcome":
          counts.outcomes[change.outcome.kind]++;
          return undefined;
        case "link":
          return link.onLink(change.link);
        case "disk":
          return onDisk(change.disk);
        case "branch":
          return note("branch.changed", { now: change.branch ?? "none" });
        case "damage":
          return change.damage === null ? undefined : note("log.set-aside", { files: change.damage.files });
        case "over":
          if (change.over && !over) note("event.over");
          over = change.over;
          return undefined;
        case "readers":
        case "title":
        case "poll":
        case "tally":
        case "testing":
        case "set-up":
        case "touch":
          return undefined;
      }
    },
  };
}

function linkTellings(note: Journal<StationEvents>["note"], counts: Pick<StationCounts, "linkUps" | "linkDowns">) {
  let state: ScreenLink["state"] = "connecting";
  let why: CloseWhy = "lost";
  const tellState = ({ safeHere: waiting, reason }: ScreenLink) => {
    switch (state) {
      case "connecting":
        return undefined;
      case "enrolling":
        return note("enrolment.waiting");
      case "online":
        counts.linkUps++;
        return note("link.online", { waiting });
      case "offline":
        return note("link.offline", { why, waiting });
      case "refused":
        return note("link.refused", { why: nameOf(reason) ?? why });
      case "revoked":
        return note("link.revoked");
    }
  };
  return {
    onClosed(closed: CloseName | undefined) {
      counts.linkDowns++;
      why = closed ?? "lost";
    },
    onLink(view: ScreenLink) {
      // Most changes are of the number of votes that wait.
      if (view.state === state) return undefined;
      state = view.state;
      return tellState(view);
    },
  };
}

function nameOf(reason: ScreenLink["reason"]): CloseWhy | undefined {
  const isName = (name: string): name is CloseName => Object.hasOwn(CLOSE_SENTENCES, name);
  return Object.keys(CLOSE_SENTENCES)
    .filter(isName)
    .find((name) => CLOSE_SENTENCES[name] === reason?.code);
}

function diskTelling(note: Journal<StationEvents>["note"], monotonicMs: () => number) {
  let failedAtMs: number | null = null;
  return ({ state, reason }: ScreenDisk) => {
    if (state === "failing") {
      failedAtMs ??= monotonicMs();
      return note("disk.failing", { fault: diskFaultOf(reason) });
    }
    const fromMs = failedAtMs ?? monotonicMs();
    failedAtMs = null;
    return note("disk.good", { afterMs: Math.round(monotonicMs() - fromMs) });
  };
}
