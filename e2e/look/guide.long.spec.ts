/**
 * The way of docs/operator.md, step by step, and its pictures: a real server, a real station, readers on serial lines, all by
 * touch. To renew the pictures (docs/images, also the README's), copy them from the test's output; best where pcscd runs:
 * `POLLING_STATION_LONG=1 npx playwright test guide --project headless`
 */
import type { Page } from "@playwright/test";
import { expect, test } from "../hosts/host.ts";
import { beginSetUp, choosePin, goTo } from "../operator/panel-page.ts";
import { HAS_SOCAT, openSerialLine, rdm6300Frame, type SerialLine } from "../rig/pty.ts";
import type { ServerProgram } from "../rig/server-program.ts";

const POLL = {
  question: "What should the north hall become next year?",
  options: [
    "A quiet reading room",
    "Workshops for children",
    "A stage for local music",
    "More of the collection",
    "A café with a view",
  ],
  counts: "first" as const,
};
const NAMES = ["Left door", "Right door", "Bar", "Stairs", "Garden"];
/** What is voted before the last picture, by answer. */
const VOTES = [41, 32, 28, 13, 7];
const PIN = "4071";
const SIZE = { width: 1280, height: 800 };

test.skip(!HAS_SOCAT, "not run: socat is missing");
test.beforeEach(() =>
  test.skip(test.info().project.metadata["host"] !== "headless", "not run here: once is enough for the page"),
);

type Shoot = (name: string) => Promise<unknown>;
let badges = 0;
/** A badge nobody held to a reader before. */
const badge = () => rdm6300Frame(Uint8Array.of(0x3c, 0x00, 0xce, ++badges >> 8, badges & 0xff));

async function setUp(page: Page, server: ServerProgram, shoot: Shoot): Promise<void> {
  await expect(page.getByRole("button", { name: "Set up this kiosk" })).toBeVisible();
  await shoot("operator-new");
  await beginSetUp(page);
  await shoot("operator-pin");
  await choosePin(page, PIN);
  const found = page.locator(".op-found button", { hasText: new URL(server.url).host });
  await expect(found).toBeVisible({ timeout: 15_000 });
  await shoot("operator-server");
  await found.click();
  await goTo(page, "Admission");
  const code = page.locator(".op-code");
  await expect(code).toBeVisible();
  await shoot("operator-code");
  await server.organiser.enrol((await code.textContent()) ?? "", "North hall");
}

async function teach(page: Page, lines: readonly SerialLine[], shoot: Shoot) {
  await goTo(page, "Readers");
  await expect(page.locator(".op-board h1")).toHaveText(POLL.question);
  await page.locator(".op-hand").getByRole("button", { name: "Tap to assign" }).click();
  for (const [at, line] of lines.entries()) {
    await lightsOff(page);
    await line.write(badge());
    await expect(page.locator(".op-hand")).toContainText(`${NAMES[at]} saw a tag`);
    if (at === 2) await shoot("operator-tapped");
    await page.locator(`[data-place='answer-${at + 1}'] > .op-place-head`).click();
    await expect(page.locator(`[data-place='answer-${at + 1}'] .op-reader`)).toBeVisible();
  }
  await page.locator(".op-hand").getByRole("button", { name: "Stop" }).click();
  await expect(page.locator(".op-hand").getByRole("button", { name: "Tap to assign" })).toBeVisible();
  await lightsOff(page);
  await shoot("operator-readers");
}

/** A reader that saw a tag is lit for a moment. */
const lightsOff = (page: Page) => expect(page.getByText("Tag seen")).toHaveCount(0);

async function check(page: Page, lines: readonly SerialLine[], shoot: Shoot) {
  await goTo(page, "Check");
  await page.getByRole("button", { name: "Start the check" }).click();
  // Before that it would be a vote.
  await expect(page.locator("[data-tick]")).toHaveCount(lines.length);
  for (const line of lines) await line.write(badge());
  await expect(page.getByRole("heading", { name: "All readers tapped" })).toBeVisible();
  await expect(page.locator("[data-check='clock']")).toHaveAttribute("data-word", "good");
  await shoot("operator-check");
  await page.getByRole("button", { name: "Finish the check" }).click();
  await page.getByRole("button", { name: "Back to voting" }).click();
}

async function vote(page: Page, lines: readonly SerialLine[], shoot: Shoot) {
  const voteAt = async (at: number) => {
    await lines[at]?.write(badge());
    await page.waitForTimeout(40);
  };
  for (const [at, votes] of VOTES.entries()) for (let n = 0; n < votes; n++) await voteAt(at);
  const all = VOTES.reduce((sum, votes) => sum + votes, 0);
  await expect(page.locator(".status")).toContainText(`${all} votes`, { timeout: 30_000 });
  await expect(page.locator(".stamp")).toHaveCount(0);
  await voteAt(2);
  await voteAt(4);
  await expect(page.locator(".stamp", { hasText: "Counted" })).toHaveCount(2);
  await page.waitForTimeout(600);
  await shoot("kiosk");
}

test("the guide's way leads from a new kiosk to counted votes, by touch alone", async ({ server, station }) => {
  const lines = await Promise.all(NAMES.map(() => openSerialLine()));
  const central = await server.start({ args: ["--announce"] });
  const readers = lines.map(({ path }, at) => `serial:${path}?protocol=rdm6300&name=${NAMES[at]}`);
  const { page } = await station.start({ server: null, readers });
  await page.setViewportSize(SIZE);
  const shoot: Shoot = (name) => page.screenshot({ path: test.info().outputPath(`${name}.png`) });
  await setUp(page, central, shoot);
  await central.organiser.request("PUT", "/event", { title: "Night of the Museums" });
  const poll = await central.organiser.createPoll(POLL);
  await central.organiser.open(poll.id);
  await teach(page, lines, shoot);
  await check(page, lines, shoot);
  await vote(page, lines, shoot);
  await central.organiser.tallyToBe(poll.id, [41, 32, 29, 13, 8]);
});
