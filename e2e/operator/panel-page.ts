/** The operator's panel in a browser, worked as a person works it: by touching what can be seen. */
import { expect, type Page } from "@playwright/test";

/** Hold the door's key as long as it wants, and see the panel's gate. */
export async function knock(page: Page): Promise<void> {
  await page.keyboard.down("Home");
  await expect(page.locator(".op-gate")).toBeVisible();
  await page.keyboard.up("Home");
}

/** A station that nobody set up says so itself. */
export async function beginSetUp(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Set up this kiosk" }).click();
  await expect(page.locator(".op-gate")).toBeVisible();
}

/** Touch the digits on the screen, then its tick. */
export async function touchPin(page: Page, pin: string): Promise<void> {
  for (const digit of pin) await page.locator(".op-pad").getByRole("button", { name: digit, exact: true }).click();
  await page.locator(".op-pad-ok").click();
}

/** A new kiosk: choose the PIN, twice. */
export async function choosePin(page: Page, pin: string): Promise<void> {
  await touchPin(page, pin);
  await expect(page.getByRole("heading", { name: "The same once more" })).toBeVisible();
  await touchPin(page, pin);
  await expect(page.locator(".op-room")).toBeVisible();
}

/** Through the rail. */
export async function goTo(page: Page, room: string): Promise<void> {
  await page
    .locator(".op-rail")
    .getByRole("button", { name: new RegExp(`^${room}`) })
    .click();
}

/** What of the panel cannot be seen or touched as it should: nothing, where all is well. */
export async function faultsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const smallest = 63.5;
    for (const element of document.querySelectorAll<HTMLElement>(".op, .op *")) {
      const { overflowX } = getComputedStyle(element);
      const scrolls = overflowX === "auto" || overflowX === "scroll" || element.matches(".op-room, .op-board");
      if (scrolls && element.scrollWidth > element.clientWidth + 1)
        faults.push(`${element.className} scrolls sideways`);
    }
    for (const element of document.querySelectorAll<HTMLElement>(".op button, .op summary, .op label")) {
      const { width, height, left, right, bottom } = element.getBoundingClientRect();
      if (width === 0) continue;
      const name = `"${element.textContent}"`;
      if (width < smallest || height < smallest) faults.push(`${name} is ${Math.round(width)} × ${Math.round(height)}`);
      if (left < -1 || right > innerWidth + 1) faults.push(`${name} is over the edge`);
      if (element.matches(".op-rail *") && bottom > innerHeight + 1) faults.push(`${name} is below the edge`);
    }
    return [...new Set(faults)];
  });
}
