/** Test mode: taps are judged and shown and never stored. It outlasts a restart, so that no test becomes a vote by itself. */
import type { PanelRefusal, PanelState } from "../../shared/events/operator.ts";
import type { ScreenPoll } from "../../shared/events/stream.ts";
import { notStored } from "./refusal.ts";
import type { SettingsStore } from "./settings.ts";

export interface TestMode {
  on(): boolean;
  /** Null when it is on disk. */
  set(on: boolean): PanelRefusal | null;
  /** What would have been a vote for this option (1 for the first) of the poll on the screen. */
  tapped(option: number): void;
  view(): PanelState["test"];
}

export interface TestModeSurroundings {
  settings: Pick<SettingsStore, "now" | "keep">;
  poll: () => ScreenPoll | null;
  /** Once it is as it says. */
  onMode: (on: boolean) => void;
  onCount: () => void;
}

export function createTestMode({ settings, poll, onMode, onCount }: TestModeSurroundings): TestMode {
  /** Of this poll, in this round; another one's are of no interest. */
  let counted = { poll: "", counts: new Map<number, number>() };
  const countsNow = () => {
    const now = poll();
    const key = now === null ? "" : `${now.id} ${now.round}`;
    if (key !== counted.poll) counted = { poll: key, counts: new Map() };
    return counted.counts;
  };
  return {
    on: () => settings.now().testing,
    set(on) {
      if (on === settings.now().testing) return null;
      const kept = settings.keep({ testing: on });
      if (!kept.ok) return notStored(kept.error);
      counted = { poll: "", counts: new Map() };
      onMode(on);
      return null;
    },
    tapped(option) {
      const counts = countsNow();
      counts.set(option, (counts.get(option) ?? 0) + 1);
      onCount();
    },
    view() {
      if (!settings.now().testing) return null;
      const counts = countsNow();
      const byOption = (poll()?.options ?? []).map((_, at) => counts.get(at + 1) ?? 0);
      return { taps: [...counts.values()].reduce((sum, count) => sum + count, 0), counts: byOption };
    },
  };
}
