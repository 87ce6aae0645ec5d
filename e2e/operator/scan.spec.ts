/** The server found by its QR code: a real camera of Chromium, playing a film of one, and its absence. */
import type { Browser, Page } from "@playwright/test";
import { expect, test as base } from "@playwright/test";
import { startStationProgram } from "../rig/station-program.ts";
import { filmOf } from "./fake-camera.ts";
import { beginSetUp, choosePin, goTo } from "./panel-page.ts";

const ADDRESS = "http://127.0.0.1:9";

interface Fixtures {
  /** A new station's panel, open at "Server", in a Chromium with these flags. */
  serverRoom: (flags: readonly string[]) => Promise<Page>;
}

const test = base.extend<Fixtures>({
  serverRoom: async ({ playwright, launchOptions }, provide) => {
    const station = await startStationProgram({ server: null });
    const browsers: Browser[] = [];
    await provide(async (flags) => {
      const args = [...(launchOptions.args ?? []), ...flags];
      const browser = await playwright.chromium.launch({ ...launchOptions, args });
      browsers.push(browser);
      const page = await browser.newPage();
      await page.goto(station.url);
      await beginSetUp(page);
      await choosePin(page, "4071");
      await goTo(page, "Server");
      await page.getByRole("button", { name: "Scan a code" }).click();
      return page;
    });
    await Promise.all(browsers.map((browser) => browser.close()));
    await station.kill9();
  },
});

// Electron's window asks its own session for the camera: that is tested where its rules are.
test.beforeEach(() =>
  test.skip(test.info().project.metadata["host"] !== "headless", "not run here: Chromium's flags play the camera"),
);

test("a code before the camera is read, shown, and used once the operator says so", async ({ serverRoom }) => {
  const film = filmOf(`${ADDRESS}/some/page`);
  const page = await serverRoom([
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${film}`,
  ]);
  await expect(page.getByRole("heading", { name: "Use this address?" })).toBeVisible();
  await expect(page.locator(".op-address-text")).toHaveText(ADDRESS);
  await page.getByRole("button", { name: "Use it" }).click();
  await expect(page.getByRole("heading", { name: "Address in use" })).toBeVisible();
  await expect(page.locator(".op-address-text")).toContainText("127.0.0.1:9");
});

test("a code that is no address is named as such, and the camera is let go on leaving", async ({ serverRoom }) => {
  const film = filmOf("WIFI:T:WPA;S:venue;P:guests;;");
  const page = await serverRoom([
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${film}`,
  ]);
  await expect(page.getByText("That code is no server address.")).toBeVisible();
  const track = await page.evaluateHandle(() => {
    const source = document.querySelector("video")?.srcObject;
    return source instanceof MediaStream ? source.getTracks()[0] : undefined;
  });
  expect(await track.evaluate((held) => held?.readyState)).toBe("live");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator("video")).toHaveCount(0);
  expect(await track.evaluate((held) => held?.readyState)).toBe("ended");
});

test("without a camera it says so, and how to go on", async ({ serverRoom }) => {
  const page = await serverRoom([]);
  await expect(page.getByText("Type the address instead.")).toBeVisible();
});
