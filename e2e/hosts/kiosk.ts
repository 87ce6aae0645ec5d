/** A station with its page, whichever program shows it. */
import type { Page } from "@playwright/test";
import type { Exit } from "../rig/program.ts";
import type { StationHealth } from "../rig/station-health.ts";

export interface Kiosk {
  /** The page as it is now. The headless host keeps it over a restart; Electron's is a new one. */
  readonly page: Page;
  /** The station's address. */
  readonly url: string;
  readonly data: string;
  /** Of the process that runs now. */
  readonly pid: number;
  health(): Promise<StationHealth>;
  kill9(): Promise<Exit>;
  stop(): Promise<Exit>;
  /** Start again on the same data and port, stopping it first if it still runs; resolves when the page is there. */
  restart(): Promise<void>;
  /** The end of the test: nothing of it is left. */
  dispose(): Promise<void>;
}
