/** What all parts of the station stand on: who it is, its log, its journal, and what was chosen for it. */
import { join } from "node:path";
import { openWatch, type OpenWatch } from "../health/open-watch.ts";
import { openIdentity, type Identity } from "../identity/identity.ts";
import { openEventSettings, type EventSettings } from "../link/event-settings.ts";
import { createLogClock, type LogClock } from "../log/log-clock.ts";
import { openStationLog, type StationLog } from "../log/station-log.ts";
import { openOperatorSettings } from "../operator/open-settings.ts";
import type { SettingsStore } from "../operator/settings.ts";
import type { StationOptions } from "../station-options.ts";

export const LOG_FILE = "log.sqlite";

/** What is open, and has to be closed. */
export interface Opened {
  options: StationOptions;
  identity: Identity;
  watch: OpenWatch;
  log: StationLog;
}

export interface Ground extends Opened {
  logClock: LogClock;
  settings: SettingsStore;
  /** Test mode: no vote is stored. */
  testing: () => boolean;
  eventSettings: EventSettings;
}

/** Throws `StationUnusable`. */
export async function openDirectory(options: StationOptions): Promise<Opened> {
  const { directory } = options;
  const identity = openIdentity(directory, options.seal);
  const watch = openWatch(directory, options.logLevel, options.clock);
  const log = await openStationLog(join(directory, LOG_FILE), options.workerUrl, watch.counts.appendSeconds.note);
  return { options, identity, watch, log };
}

/** Throws `StationUnusable`. */
export function prepare(opened: Opened): Ground {
  const { options, identity, watch } = opened;
  const logClock = createLogClock(options.clock);
  const settings = openOperatorSettings(options.directory, options.resetOperatorPin ?? false, watch.note);
  const eventSettings = openEventSettings(options.directory, () => identity.enrolment()?.event);
  return { ...opened, logClock, settings, testing: () => settings.now().testing, eventSettings };
}
