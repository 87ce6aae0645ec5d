/** The real page beside a host that the test plays, in a real Chromium: what Electron's shell hears of it. */
import { expect, test } from "./host.ts";

const HASTE_MS = 100;

test("the page tells its host when it shows something, and falls silent when it does not any more", async ({
  server,
  station,
}, testInfo) => {
  test.skip(testInfo.project.metadata["host"] !== "headless", "Electron's page has a real host");
  const central = await server.start();
  const kiosk = await station.start({ server: central.url });
  const page = await kiosk.page.context().newPage();
  await page.addInitScript((everyMs) => {
    const told: { kind: string; sequence?: number }[] = [];
    let hear: (text: string) => void = () => undefined;
    Object.assign(globalThis, {
      told,
      kioskHost: {
        host: "electron",
        listen: (listener: (text: string) => void) => (hear = listener),
        tell(text: string) {
          const message = JSON.parse(text) as { kind: string };
          told.push(message);
          if (message.kind === "ready") {
            // What is not understood is not obeyed, and breaks nothing.
            hear('{"kind":"quit"}');
            hear(JSON.stringify({ kind: "host", software: "played 1.0", aliveEveryMs: everyMs }));
          }
        },
      },
    });
  }, HASTE_MS);
  await page.goto(kiosk.url);
  await expect(page.locator("html")).toHaveAttribute("data-host", "played 1.0");
  await expect(page.locator(".stage")).toBeVisible();
  const told = () => page.evaluate(() => Reflect.get(globalThis, "told") as { kind: string; sequence?: number }[]);
  await expect.poll(async () => (await told()).length).toBeGreaterThan(3);
  expect((await told()).slice(0, 3)).toEqual([
    { kind: "ready" },
    { kind: "alive", sequence: 1 },
    { kind: "alive", sequence: 2 },
  ]);

  // As React leaves the page after an error while drawing.
  await page.evaluate(() => document.getElementById("page")?.replaceChildren());
  const { length } = await told();
  // Ten of its ticks by a clock of the page's own, which runs beside it.
  await page.evaluate(
    (everyMs) =>
      new Promise<void>((resolve) => {
        let ticks = 0;
        const ticker = setInterval(() => {
          if (++ticks < 10) return;
          clearInterval(ticker);
          resolve();
        }, everyMs);
      }),
    HASTE_MS,
  );
  expect((await told()).length).toBe(length);
});
