/** The kiosk page at the three sizes people have, on scripted events over real HTTP: what every look test starts from. */
import { expect, test as base } from "@playwright/test";
import type { Page } from "@playwright/test";
import { findMisfits } from "./fit.ts";
import { openLookServer } from "./look-server.ts";
import type { LookServer } from "./look-server.ts";

const TAKES_PICTURES = process.env["POLLING_STATION_LONG"] === "1";

export const SIZES = {
  portrait: { width: 1080, height: 1920 },
  landscape: { width: 1920, height: 1080 },
  small: { width: 1280, height: 800 },
} as const;
export const SIZE_NAMES = ["portrait", "landscape", "small"] as const;

export const test = base.extend<{ station: LookServer; complaints: string[] }>({
  station: async ({ page }, provide) => {
    const station = await openLookServer();
    await provide(station);
    // The page goes first: it would complain about a station that is gone.
    await page.close();
    await station.close();
  },
  // CSP violations and failed parses end up here too: the page must be silent unless a test says otherwise.
  complaints: [
    async ({ page }, provide, testInfo) => {
      testInfo.skip(testInfo.project.metadata["host"] === "electron", "the look is the page's, not the host's");
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (line) => {
        // A browser blocks audio until somebody touched the page; a kiosk's host allows it. The page must cope.
        if (line.text().startsWith("The AudioContext was not allowed to start")) return;
        if (line.type() === "error" || line.type() === "warning") complaints.push(line.text());
      });
      await provide(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export async function visit(page: Page, station: LookServer, size: keyof typeof SIZES, query = "?lang=en&theme=light") {
  await page.setViewportSize(SIZES[size]);
  await page.goto(station.url + query);
  await expect(page.locator('.stage[data-line="up"]')).toBeVisible();
}
/** For people to look at, in the long run only: pictures take most of a look test's time, and a failure has its own. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (TAKES_PICTURES) await page.screenshot({ path: test.info().outputPath(`${name}.png`) });
}
export const stampAt = (page: Page, option: number) => page.locator(`.lane[data-option="${option}"] .stamp`);

/** A strip, a stamp or a font changes the room there is; the page needs a frame or two to arrange itself anew. */
export async function expectFit(page: Page, what = "the page"): Promise<void> {
  await expect.poll(() => findMisfits(page), { message: what, intervals: [50, 100, 200, 400] }).toEqual([]);
}
