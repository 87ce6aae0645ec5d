/** Without hardware: the virtual readers beside the operator's panel, taught and checked like real ones. */
import { expect, test } from "../hosts/host.ts";
import { choosePin, faultsOf, goTo, knock } from "./panel-page.ts";

const POLL = { question: "Tea or coffee?", options: ["Tea", "Coffee", "Water"], counts: "first" as const };
const SIZES = [
  [1280, 800],
  [1080, 1920],
  [1920, 1080],
] as const;

test.setTimeout(120_000);

test("whoever tries the demo teaches a virtual reader by tapping beside the open panel; then it votes as taught", async ({
  server,
  station,
}, testInfo) => {
  const central = await server.start();
  const kiosk = await station.start({ server: central.url, demo: true });
  const { page } = kiosk;
  await central.organiser.admit(kiosk.url);
  const poll = await central.organiser.createPoll(POLL);
  await central.organiser.open(poll.id);
  await expect(page.locator(".demo-readers button[data-slot]")).toHaveCount(3);
  await knock(page);
  await choosePin(page, "4071");
  await goTo(page, "Readers");
  const tap = (reader: number) => page.getByRole("button", { name: `Reader ${reader}`, exact: true }).click();
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await expect(page.locator(".demo-readers button[data-slot]")).toHaveCount(5);
    await expect(page.locator("[data-place='answer-1'] .op-reader")).toBeVisible();
    expect({ width, faults: await faultsOf(page) }).toEqual({ width, faults: [] });
    await page.screenshot({ path: testInfo.outputPath(`panel-${width}.png`) });
  }
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.locator(".op-hand").getByRole("button", { name: "Tap to assign" }).click();
  await tap(4);
  await expect(page.locator(".op-hand")).toContainText("Virtual reader 4");
  await page.screenshot({ path: testInfo.outputPath("tapped.png") });
  await page.locator("[data-place='answer-1'] > .op-place-head").click();
  await expect(page.locator("[data-place='answer-1'] [data-reader='virtual:4']")).toBeVisible();
  await page.locator(".op-hand").getByRole("button", { name: "Stop" }).click();

  await goTo(page, "Check");
  await page.getByRole("button", { name: "Start the check" }).click();
  await expect(page.locator("[data-tick]")).toHaveCount(5);
  for (let reader = 1; reader <= 5; reader++) await tap(reader);
  await expect(page.locator("[data-tick][data-tapped='true']")).toHaveCount(5);
  await page.getByRole("button", { name: "Finish the check" }).click();

  await page.getByRole("button", { name: "Back to voting" }).click();
  await expect(page.getByRole("heading", { name: POLL.question })).toBeVisible();
  await tap(4);
  await central.organiser.tallyToBe(poll.id, [1, 0, 0]);
});
