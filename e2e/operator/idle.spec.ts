/** Nobody touches the panel for a while, in a real browser: the notice, the answer to it, and the way back to voting. */
import { expect, test } from "../hosts/host.ts";
import { beginSetUp, choosePin, goTo, knock, touchPin } from "./panel-page.ts";

const PIN = "4071";
const UNTIL_WARNED_MS = 4.6 * 60_000;

test.beforeEach(() =>
  test.skip(test.info().project.metadata["host"] !== "headless", "not run here: once is enough for the page"),
);

test("who answers the notice touches nothing under it, and goes on where they were; who does not is led back to voting", async ({
  chromium,
  station,
}) => {
  const kiosk = await station.start({ server: null, demo: true });
  const context = await (await chromium()).newContext({ hasTouch: true, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(kiosk.url);
  await beginSetUp(page);
  await choosePin(page, PIN);
  await goTo(page, "Readers");
  await page.locator("[data-reader='virtual:2']").click();
  await page.locator(".op-hand").getByRole("button", { name: "Settings" }).click();
  const sheet = page.getByRole("dialog", { name: "Virtual reader 2" });
  const compare = sheet.getByRole("button", { name: "Compare two readers" });
  const notice = page.locator(".op-idle");
  const warn = async () => {
    await page.clock.fastForward(UNTIL_WARNED_MS);
    await page.clock.runFor(1_500);
    await expect(notice).toBeVisible();
  };
  await page.evaluate(() => {
    addEventListener(
      "click",
      ({ target }) => {
        const place = target instanceof Element ? target.closest("dialog")?.className : undefined;
        document.body.dataset["clicked"] = `${document.body.dataset["clicked"] ?? ""} ${place ?? "elsewhere"}`.trim();
      },
      true,
    );
  });

  await compare.focus();
  await warn();
  await notice.getByRole("button").tap();
  await expect(notice).toHaveCount(0);
  await expect(page.locator("body")).toHaveAttribute("data-clicked", "op-dialog op-idle");
  await expect(sheet).toBeVisible();
  await expect(compare).toBeFocused();

  // A key answers it too, and is for nothing else.
  await warn();
  await page.keyboard.press("Escape");
  await expect(notice).toBeHidden();
  await page.clock.runFor(1_500);
  await expect(notice).toHaveCount(0);
  await expect(sheet).toBeVisible();
  await expect(compare).toBeFocused();

  await warn();
  await page.clock.fastForward(60_000);
  await page.clock.runFor(1_500);
  await expect(page.locator(".op")).toHaveCount(0);
  await expect(page.locator("[inert]")).toHaveCount(0);
  await page.clock.resume();
  await knock(page);
  await touchPin(page, PIN);
  await expect(page.locator(".op-house")).not.toHaveAttribute("inert");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await context.close();
});
