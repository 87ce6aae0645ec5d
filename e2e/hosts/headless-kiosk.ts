/** The headless host: the station as a child, its page in the Chromium that Playwright drives. */
import type { Browser } from "@playwright/test";
import { startStationProgram, type StationOptions } from "../rig/station-program.ts";
import type { Kiosk } from "./kiosk.ts";

export async function startHeadlessKiosk(options: StationOptions, browser: Browser): Promise<Kiosk> {
  const station = await startStationProgram(options);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(station.url);
  return {
    page,
    url: station.url,
    data: station.data,
    get pid() {
      return station.pid;
    },
    health: station.health,
    kill9: station.kill9,
    stop: station.stop,
    // The page is left alone: a kiosk's browser outlives the station and has to find it again by itself.
    restart: station.restart,
    async dispose() {
      // The page goes first: it would complain about a station that is gone.
      await context.close();
      await station.kill9();
    },
  };
}
