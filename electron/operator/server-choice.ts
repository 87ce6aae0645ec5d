/** Where the server is: the command line's word, else what the operator chose, else this computer. */
import type { PanelRefusal } from "../../shared/events/operator.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { DEFAULT_SERVER, readServerAddress } from "../discovery/server-address.ts";
import { notStored, refused } from "./refusal.ts";
import type { SettingsStore } from "./settings.ts";

export interface ServerChoice {
  address(): string;
  /** The command line named it. */
  fixed: boolean;
  /** As typed, scanned or found. Null when it is on disk and in use. */
  choose(typed: string): PanelRefusal | null;
}

/** @param named by the command line; null: it did not @param onChange the address is another from now on */
export function createServerChoice(
  named: string | null,
  settings: Pick<SettingsStore, "now" | "keep">,
  onChange: () => void,
): ServerChoice {
  const address = () => named ?? settings.now().server ?? DEFAULT_SERVER;
  return {
    address,
    fixed: named !== null,
    choose(typed) {
      if (named !== null) {
        return refused(say("server-fixed", { command: `--server ${named}` }));
      }
      const read = readServerAddress(typed);
      if (!read.ok) return refused(read.fault);
      const before = address();
      const kept = settings.keep({ server: read.url });
      if (!kept.ok) return notStored(kept.error);
      if (read.url !== before) onChange();
      return null;
    },
  };
}
