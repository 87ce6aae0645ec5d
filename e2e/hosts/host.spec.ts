/** The rig's own promises, on each host: a station starts with its page, restarts in place, and dies by its id. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./host.ts";

const POLL = { question: "Tea or coffee?", options: ["Tea", "Coffee"], counts: "first" as const };

test("a station is admitted, shows the open poll, and shows it again after kill -9 and a restart", async ({
  server,
  station,
}) => {
  const central = await server.start();
  const kiosk = await station.start({ server: central.url, demo: true });
  await central.organiser.admit(kiosk.url, "Foyer");
  const poll = await central.organiser.createPoll(POLL);
  await central.organiser.open(poll.id);
  await expect(kiosk.page.getByRole("heading", { name: POLL.question })).toBeVisible();

  const killed = kiosk.pid;
  expect(await kiosk.kill9()).toMatchObject({ signal: "SIGKILL" });
  await kiosk.restart();
  expect(kiosk.pid).not.toBe(killed);
  await expect(kiosk.page.getByRole("heading", { name: POLL.question })).toBeVisible();
  expect(existsSync(join(kiosk.data, "log.sqlite"))).toBe(true);
});

test("in Electron the page has one channel to its host and nothing of Node, and cannot leave the station", async ({
  server,
  station,
}, testInfo) => {
  test.skip(testInfo.project.metadata["host"] !== "electron", "it is about Electron");
  const central = await server.start();
  const { page, url } = await station.start({ server: central.url });
  const seen = await page.evaluate(() => ({
    host: Object.keys(Reflect.get(globalThis, "kioskHost") as object),
    node: ["require", "process", "module", "Buffer"].filter((name) => name in globalThis),
    opened: open("/") !== null,
  }));
  expect(seen).toEqual({ host: ["host", "tell", "listen"], node: [], opened: false });
  // The shell greeted it, so it was heard.
  await expect(page.locator("html")).toHaveAttribute("data-host", /^polling-station \d/);
  await page.evaluate((elsewhere) => location.assign(elsewhere), central.url);
  await expect(page.locator(".stage")).toBeVisible();
  expect(new URL(page.url()).origin).toBe(url);
  // Another program of this computer, without the page's cookie.
  expect((await fetch(url)).status).toBe(403);
});

test("SIGTERM ends both programs cleanly within the time they promise", async ({ server, station }) => {
  test.skip(process.platform === "win32", "Windows has no SIGTERM");
  const central = await server.start();
  const kiosk = await station.start({ server: central.url });
  expect(await kiosk.stop()).toEqual({ code: 0, signal: null });
  expect(await central.stop()).toEqual({ code: 0, signal: null });
});
