/** What a real station says of itself is shown in the page's language: in German, and in Arabic from right to left. */
import { join } from "node:path";
import { expect, test } from "../hosts/host.ts";
import { shoot } from "../look/kiosk-page.ts";
import { latinIn, saidInEnglish } from "../rig/languages.ts";
import { openScratch } from "../rig/scratch.ts";
import { beginSetUp, choosePin, faultsOf, touchPin } from "./panel-page.ts";

const PIN = "4071";
const READERS_ROOM = 2;
const CHECK_ROOM = 3;
const MORE_ROOM = 5;

test.beforeEach(() =>
  test.skip(test.info().project.metadata["host"] !== "headless", "not run here: once is enough for the page"),
);

for (const { language, weak, lost } of [
  { language: "de", weak: /Diese PIN würden viele/, lost: /ist nicht da/ },
  { language: "ar", weak: /كثيرون يجرّبون/, lost: /غير موجود/ },
]) {
  test(`in ${language} a PIN that is refused, a lost reader and the check are told without an English sentence`, async ({
    station,
  }) => {
    const path = join(openScratch("reader"), "ttyUSB0");
    const kiosk = await station.start({
      server: "http://127.0.0.1:9",
      readers: [`serial:${path}?protocol=rdm6300&slot=1`],
    });
    const { page } = kiosk;
    await beginSetUp(page);
    await choosePin(page, PIN);
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.goto(new URL(`?lang=${language}&theme=light&text=4`, kiosk.url).href);
    const strip = page.locator("[data-strip='reader-lost']");
    await expect(strip).toContainText(path);
    expect(saidInEnglish(await strip.innerText())).toEqual([]);

    // The visit goes on over a reload: the gate lets it pass.
    await page.keyboard.down("Home");
    await expect(page.locator(".op-room")).toBeVisible();
    await page.keyboard.up("Home");
    await page.locator(".op-rail li button").nth(READERS_ROOM).click();
    const reason = page.locator(".op-reader-reason");
    await expect(reason).toContainText(lost);
    await expect(reason).toContainText(path);
    const reasonText = await reason.innerText();
    await expect(reason).toHaveCSS("direction", language === "ar" ? "rtl" : "ltr");
    expect(await faultsOf(page)).toEqual([]);
    await shoot(page, `readers-${language}`);

    await page.locator(".op-rail li button").nth(CHECK_ROOM).click();
    await page.locator(".op-room .op-button").first().click();
    await expect(page.locator(".op-check-detail")).toHaveCount(9);
    // The server was asked by then.
    await expect(page.locator("[data-check='server']")).toHaveAttribute("data-word", "warn");
    // It begins with the address, and runs the language's way all the same.
    const server = page.locator("[data-check='server'] .op-check-detail");
    await expect(server).toHaveCSS("direction", language === "ar" ? "rtl" : "ltr");
    const said = [reasonText, ...(await page.locator(".op-check-detail").allInnerTexts())];
    await shoot(page, `check-${language}`);

    await page.locator(".op-rail li button").nth(MORE_ROOM).click();
    await page.locator(".op-row button").nth(1).click();
    await touchPin(page, "1234");
    const refusal = page.locator(".op-pin [data-wrong='true']");
    await expect(refusal).toContainText(weak);
    said.push(await refusal.innerText());
    expect(said.flatMap(saidInEnglish)).toEqual([]);
    if (language === "ar") expect(said.flatMap(latinIn)).toEqual([]);
  });
}
