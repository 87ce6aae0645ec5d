/** What only the real Electron can show: a renderer that really crashes, and one that really hangs. */
import type { ElectronApplication } from "@playwright/test";
import { startElectronKiosk } from "./electron-kiosk.ts";
import { expect, test } from "./host.ts";

const POLL = { question: "Tea or coffee?", options: ["Tea", "Coffee"], counts: "first" as const };
/** A silent page is ended after 10 s and opened again. */
const MENDED = { timeout: 30_000 };

// oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern; it has none
test.beforeEach(({}, testInfo) => {
  test.skip(testInfo.project.metadata["host"] !== "electron", "it is about Electron");
});

/** Playwright's own page ends with its renderer, so Electron is asked; empty while there is nobody to answer. */
const textOf = (app: ElectronApplication) =>
  app
    .evaluate(async ({ webContents }) => {
      const [contents] = webContents.getAllWebContents();
      const text: unknown = await contents?.executeJavaScript("document.body.innerText");
      return String(text);
    })
    .catch(() => "");

for (const [what, harm] of [
  ["crashed", "crash"],
  ["hangs", "hang"],
] as const) {
  test(`a page that ${what} comes back with the open poll`, async ({ server }) => {
    const central = await server.start();
    const kiosk = await startElectronKiosk({ server: central.url });
    try {
      await central.organiser.admit(kiosk.url, "Foyer");
      const poll = await central.organiser.createPoll(POLL);
      await central.organiser.open(poll.id);
      await expect(kiosk.page.getByRole("heading", { name: POLL.question })).toBeVisible();
      const before = await rendererOf(kiosk.app);
      await kiosk.app.evaluate(({ webContents }, how) => {
        const [contents] = webContents.getAllWebContents();
        if (how === "crash") contents?.forcefullyCrashRenderer();
        else void contents?.executeJavaScript("for (;;);");
      }, harm);
      await expect.poll(() => rendererOf(kiosk.app), MENDED).not.toBe(before);
      await expect.poll(() => textOf(kiosk.app), MENDED).toContain(POLL.question);
    } finally {
      await kiosk.dispose();
    }
  });
}

const rendererOf = (app: ElectronApplication) =>
  app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.getOSProcessId());
