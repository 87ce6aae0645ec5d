/** How readers read numbers, changed by hand and by the wizard: with virtual readers beside the open sheet, and with care in a vote. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../hosts/host.ts";
import type { Kiosk } from "../hosts/kiosk.ts";
import { choosePin, faultsOf, goTo, knock } from "./panel-page.ts";

const POLL = { question: "Tea or coffee?", options: ["Tea", "Coffee", "Water"], counts: "first" as const };
const SIZES = [
  [1280, 800],
  [1080, 1920],
] as const;

test.setTimeout(120_000);

// The page is the same on every host.
test.beforeEach(() =>
  test.skip(test.info().project.metadata["host"] !== "headless", "not run here: once is enough for the page"),
);

const sheetOf = (page: Page) => page.getByRole("dialog");
const drawerOf = (page: Page) => page.getByRole("complementary");
const tap = (page: Page, reader: number) =>
  drawerOf(page)
    .getByRole("button", { name: `Reader ${reader}`, exact: true })
    .click();

async function openSettings(page: Page, reader: number): Promise<void> {
  await page.locator(`[data-reader='virtual:${reader}']`).click();
  await page.locator(".op-hand").getByRole("button", { name: "Settings" }).click();
  await expect(sheetOf(page)).toBeVisible();
}

async function closeSheet(page: Page): Promise<void> {
  await sheetOf(page).getByRole("button", { name: "Close" }).click();
  await expect(sheetOf(page)).toHaveCount(0);
}

/** The numbers of readers whose format was changed in the middle of a vote, as the journal has them. */
function notedAt({ data }: Pick<Kiosk, "data">): number[] {
  const folder = join(data, "journal");
  const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"));
  return lines
    .filter((line) => line.includes('"reader.format-in-vote"'))
    .map((line) => Number(/"reader":(\d+)/.exec(line)?.[1]));
}

test("in a vote the way a reader reads numbers is changed by a second touch, which the journal notes; in a test by one", async ({
  server,
  station,
}, testInfo) => {
  const central = await server.start();
  const kiosk = await station.start({ server: central.url, demo: true });
  const { page } = kiosk;
  await central.organiser.admit(kiosk.url);
  const poll = await central.organiser.createPoll(POLL);
  await central.organiser.open(poll.id);
  await knock(page);
  await choosePin(page, "4071");
  await goTo(page, "Readers");
  await expect(page.locator(".op-board h1")).toHaveText(POLL.question);
  await openSettings(page, 2);
  const sheet = sheetOf(page);
  const order = (name: string) => sheet.getByRole("radio", { name, exact: true });
  const choose = (name: string) => sheet.locator("label", { hasText: name }).click();
  const warning = sheet.getByRole("alert");
  await sheet.locator("summary", { hasText: "How it reads numbers" }).click();

  await choose("Reversed");
  await expect(warning).toContainText("Not changed yet");
  await expect(warning).toContainText("could be counted again under another number");
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await warning.scrollIntoViewIfNeeded();
    expect({ width, faults: await faultsOf(page) }).toEqual({ width, faults: [] });
    await page.screenshot({ path: testInfo.outputPath(`warning-${width}.png`) });
  }
  await warning.getByRole("button", { name: "Leave it as it is" }).click();
  await expect(warning).toHaveCount(0);
  await expect(order("As read")).toBeChecked();

  // Touching what holds takes the question back, too.
  await choose("Reversed");
  await choose("As read");
  await expect(warning).toHaveCount(0);
  expect(notedAt(kiosk)).toEqual([]);

  await choose("Reversed");
  const anyway = warning.getByRole("button", { name: "Change anyway" });
  await anyway.dispatchEvent("click", { detail: 2 });
  await expect(warning).toBeVisible();
  expect(notedAt(kiosk)).toEqual([]);
  await anyway.click();
  await expect(warning).toHaveCount(0);
  await expect(order("Reversed")).toBeChecked();
  await expect.poll(() => notedAt(kiosk)).toEqual([2]);

  // Paused is not over: the same voters may vote on.
  await central.organiser.pause(poll.id);
  await choose("As read");
  await expect(warning).toContainText("A vote is under way.");
  await warning.getByRole("button", { name: "Leave it as it is" }).click();
  await closeSheet(page);

  await goTo(page, "Test");
  await page.getByRole("button", { name: "Start the test" }).click();
  await expect(page.getByText("Test: votes here do not count")).toBeVisible();
  await goTo(page, "Readers");
  await openSettings(page, 2);
  await sheet.locator("summary", { hasText: "How it reads numbers" }).click();
  await expect(order("Reversed")).toBeChecked();
  await choose("As read");
  await expect(order("As read")).toBeChecked();
  await expect(warning).toHaveCount(0);
  expect(notedAt(kiosk)).toEqual([2]);
});

test("whoever tries the demo compares two virtual readers beside the open sheet, by touch and by keys", async ({
  server,
  station,
}, testInfo) => {
  const central = await server.start();
  const kiosk = await station.start({ server: central.url, demo: true });
  const { page } = kiosk;
  await central.organiser.admit(kiosk.url);
  const poll = await central.organiser.createPoll(POLL);
  await knock(page);
  await choosePin(page, "4071");
  await goTo(page, "Readers");
  const sheet = sheetOf(page);
  const drawer = drawerOf(page);

  // No vote yet: one touch.
  await openSettings(page, 2);
  await sheet.locator("summary", { hasText: "How it reads numbers" }).click();
  await sheet.locator("label", { hasText: "Reversed" }).click();
  await expect(sheet.getByRole("radio", { name: "Reversed" })).toBeChecked();
  await closeSheet(page);
  await central.organiser.open(poll.id);
  await expect(page.locator(".op-board h1")).toHaveText(POLL.question);

  await openSettings(page, 2);
  await sheet.getByRole("button", { name: "Compare two readers" }).click();
  await sheet.getByRole("button", { name: "Virtual reader 1" }).click();
  await expect(sheet.locator("[data-seen='false']")).toHaveCount(2);
  await drawer.getByText("Ada").click();
  await tap(page, 1);
  await expect(sheet.locator("[data-seen='true']")).toContainText("Virtual reader 1");
  // Not a vote, and for no answer: only its own lamp.
  await expect(drawer.locator("[data-slot='1']")).toHaveAttribute("data-tone", "calm");
  await expect(drawer.locator("[data-tone]")).toHaveCount(1);
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await expect(sheet).toBeInViewport({ ratio: 1 });
    expect({ width, faults: await faultsOf(page) }).toEqual({ width, faults: [] });
    await page.screenshot({ path: testInfo.outputPath(`wizard-${width}.png`) });
  }

  // The second tag by keys alone: from the sheet on into the drawer, and never into the rooms under the sheet.
  await sheet.getByRole("button", { name: "Close" }).focus();
  const focused = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      const place = at?.closest(".op-dialog, .demo, .op-house, .kiosk")?.classList[0];
      return `${place ?? "none"} ${at instanceof HTMLElement ? (at.dataset["slot"] ?? "") : ""}`.trim();
    });
  const passed: string[] = [];
  for (let left = 20; left > 0 && passed.at(-1) !== "demo 2"; left--) {
    await page.keyboard.press("Tab");
    passed.push(await focused());
  }
  expect(passed.at(-1)).toBe("demo 2");
  expect(passed.filter((place) => place.startsWith("op-house") || place.startsWith("kiosk"))).toEqual([]);
  await page.keyboard.press("Enter");

  await expect(sheet.getByRole("heading", { name: "Found it" })).toBeVisible();
  await sheet.getByRole("button", { name: "Use these settings" }).click();
  await expect(sheet.getByRole("heading", { name: "Not changed yet" })).toBeVisible();
  await expect(sheet.getByRole("button", { name: "Leave it as it is" })).toBeFocused();
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    expect({ width, faults: await faultsOf(page) }).toEqual({ width, faults: [] });
    await page.screenshot({ path: testInfo.outputPath(`found-${width}.png`) });
  }
  expect(notedAt(kiosk)).toEqual([]);
  await sheet.getByRole("button", { name: "Change anyway" }).click();
  await expect(sheet.getByRole("heading", { name: "They agree" })).toBeVisible();
  await expect.poll(() => notedAt(kiosk)).toHaveLength(1);
  await sheet.getByRole("button", { name: "Done" }).click();
  await expect(sheet).toHaveCount(0);

  // The same for the tag that is held up to assign a reader.
  await page.locator(".op-hand").getByRole("button", { name: "Tap to assign" }).click();
  await tap(page, 4);
  await expect(page.locator(".op-hand")).toContainText("Virtual reader 4 saw a tag");
  await expect(drawer.locator("[data-slot='4']")).toHaveAttribute("data-tone", "calm");
  await expect(drawer.locator(".demo-choose")).not.toHaveAttribute("data-tone");
});

test("a sheet keeps keys from what is under it, closes on Escape, and gives the focus back", async ({ station }) => {
  const kiosk = await station.start({ server: null, demo: true });
  const { page } = kiosk;
  await page.getByRole("button", { name: "Set up this kiosk" }).click();
  await choosePin(page, "4071");
  await goTo(page, "More");
  const change = page.getByRole("button", { name: "Change the PIN" });
  await change.focus();
  await page.keyboard.press("Enter");
  await expect(sheetOf(page)).toBeVisible();
  await expect(sheetOf(page).locator(":focus")).toHaveCount(1);
  await expect(page.locator(".op-house")).toHaveAttribute("inert");
  await page.keyboard.press("Escape");
  await expect(sheetOf(page)).toHaveCount(0);
  await expect(change).toBeFocused();

  // What opened a reader's sheet is gone with it: its card has the focus then.
  await goTo(page, "Readers");
  const card = page.locator("[data-reader='virtual:2']");
  const settings = page.locator(".op-hand").getByRole("button", { name: "Settings" });
  const sheet = sheetOf(page);
  await card.press("Enter");
  await settings.press("Enter");
  await sheet.getByRole("button", { name: "Rename" }).press("Enter");
  await expect(sheet.getByRole("textbox")).toBeFocused();
  // Held down, it leaves the name only.
  await page.keyboard.down("Escape");
  await expect(sheet.getByRole("heading", { name: "Virtual reader 2" })).toBeVisible();
  await expect(sheet.locator(":focus")).toHaveCount(1);
  await page.keyboard.down("Escape");
  await page.keyboard.up("Escape");
  await expect(sheet).toBeVisible();
  await sheet.getByRole("button", { name: "Compare two readers" }).press("Enter");
  await expect(sheet.getByRole("heading", { name: "One tag, two readers" })).toBeVisible();
  await expect(page.locator(".op-house")).toHaveAttribute("inert");
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(card).toBeFocused();
  await expect(page.locator(".op-house")).not.toHaveAttribute("inert");
});
