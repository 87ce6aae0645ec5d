/** What the operator chose before, found on the disk. */
import type { ScreenSetUp } from "../../shared/events/stream.ts";
import type { Journal } from "../../shared/journal/journal.ts";
import type { StationEvents } from "../../shared/journal/station-events.ts";
import { directoryRemedy, StationUnusable } from "../files/station-unusable.ts";
import { NO_TRIES } from "./pin.ts";
import type { ReadinessFacts } from "./readiness.ts";
import { openSettings, type SettingsStore } from "./settings.ts";

type Note = Journal<StationEvents>["note"];

/** @param resetPin the PIN was forgotten. Throws `StationUnusable` when that cannot be stored. */
export function openOperatorSettings(directory: string, resetPin: boolean, note: Note): SettingsStore {
  const settings = openSettings(directory);
  if (settings.damaged() !== null) note("operator.settings-damaged");
  if (!resetPin) return settings;
  const kept = settings.keep({ pin: null, tries: NO_TRIES });
  if (!kept.ok) {
    const cause = kept.error instanceof Error ? kept.error.message : String(kept.error);
    const message = `The operator's PIN could not be reset in ${directory} (${cause}). ${directoryRemedy(kept.error)}`;
    throw new StationUnusable("data-directory", message, { cause: kept.error });
  }
  note("pin.reset");
  return settings;
}

/** What the voters' screen says of it. */
export function setUpOf(settings: Pick<SettingsStore, "now">, event: ReadinessFacts["event"]): ScreenSetUp {
  return settings.now().pin === null && event === "none" ? "first-run" : "done";
}
