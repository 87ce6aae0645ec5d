/** Votes by finger, at the real station in a real browser: what was tapped and touched is what is on disk and what counts. */
import type { Locator, Page } from "@playwright/test";
import { fromHex } from "../../shared/bytes.ts";
import { decodeRecord } from "../../shared/domain/record.ts";
import { readStationLogs } from "../crash/disks.ts";
import { expect, test } from "../hosts/host.ts";
import type { Kiosk } from "../hosts/kiosk.ts";
import { createOperatorHand, type Operator } from "../rig/operator.ts";
import { HAS_SOCAT, openSerialLine, rdm6300Frame } from "../rig/pty.ts";
import type { ServerProgram } from "../rig/server-program.ts";

const POLL = {
  question: "What should the north hall become next year?",
  options: ["A quiet reading room", "Workshops for children", "A stage for local music"],
  counts: "last" as const,
};
const PIN = "7351";
const ADA = rdm6300Frame(Uint8Array.of(1, 0xad, 0xa0, 0, 1));
const BEN = rdm6300Frame(Uint8Array.of(1, 0xbe, 0x20, 0, 2));

// Each starts a server, a station and a page, and waits for voters' times.
test.setTimeout(90_000);
// oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern; it has none
test.beforeEach(({}, testInfo) => {
  testInfo.skip(testInfo.project.metadata["host"] === "electron", "not run: the panel is asked from outside the page");
});

test("a badge at the one reader and a finger on the answer, whichever comes first, are a vote; a finger alone is none", async ({
  server,
  station,
}) => {
  test.skip(!HAS_SOCAT, "not run: socat is missing");
  const line = await openSerialLine();
  const central = await server.start();
  const kiosk = await station.start({
    server: central.url,
    readers: [`serial:${line.path}?protocol=rdm6300&name=Desk&gap=50`],
  });
  const poll = await begin(central, kiosk, POLL);
  await expect(lanes(kiosk.page).getByRole("button")).toHaveCount(0);
  const operator = await comeIn(kiosk.url);
  await assignToChoose(operator);
  await expect(lanes(kiosk.page).getByRole("button")).toHaveCount(3);
  await expect(kiosk.page.locator(".how")).toContainText("then touch your answer");

  await line.write(ADA);
  await expect(kiosk.page.locator('.waiting[data-waiting="tapped"]')).toContainText("Now touch your answer");
  expect(ballotsOn(kiosk)).toEqual([]);
  await touch(kiosk.page, 2);
  await expect(lane(kiosk.page, 2)).toHaveAttribute("data-outcome", "counted");
  await central.organiser.tallyToBe(poll, [0, 1, 0]);

  await touch(kiosk.page, 3);
  await expect(kiosk.page.locator('.waiting[data-waiting="touched"]')).toContainText("Now hold your badge");
  await line.write(BEN);
  await expect(lane(kiosk.page, 3)).toHaveAttribute("data-outcome", "counted");
  await central.organiser.tallyToBe(poll, [0, 1, 1]);

  // The same badge again changes its answer, as it would at any reader.
  await line.write(ADA);
  await expect(kiosk.page.locator(".waiting")).toBeVisible();
  await touch(kiosk.page, 1);
  await expect(lane(kiosk.page, 1)).toHaveAttribute("data-outcome", "changed");
  await central.organiser.tallyToBe(poll, [1, 0, 1]);

  // Two badges for one finger: neither is taken.
  await line.write(ADA);
  await expect(kiosk.page.locator(".waiting")).toBeVisible();
  await line.write(BEN);
  await expect(kiosk.page.locator('.notice[data-outcome="slow-down"]')).toBeVisible();
  await expect(kiosk.page.locator(".waiting")).toHaveCount(0);
  expect(ballotsOn(kiosk).map(({ option }) => option)).toEqual([2, 3, 1]);
  await line.unplug();
});

test("where the poll takes touches without a badge each is a vote, until they come too fast", async ({
  server,
  station,
}) => {
  const central = await server.start();
  const kiosk = await station.start({ server: central.url });
  const poll = await begin(central, kiosk, { ...POLL, tagless: true });
  await expect(kiosk.page.locator(".how")).toHaveText("Touch your answer");
  for (const option of [1, 2, 3]) await touch(kiosk.page, option);
  await expect(lane(kiosk.page, 3)).toHaveAttribute("data-outcome", "counted");
  // Somebody hammers: far more than may be in the time.
  await expect(async () => {
    for (const option of [1, 2, 3]) await touch(kiosk.page, option);
    await expect(lane(kiosk.page, 3)).toHaveAttribute("data-outcome", "slow-down", { timeout: 100 });
  }).toPass();
  // The last of them may be on their way to the disk still.
  await expect(async () => {
    const ballots = ballotsOn(kiosk);
    expect(ballots.slice(0, 3).map(({ option }) => option)).toEqual([1, 2, 3]);
    expect(new Set(ballots.map(({ tag }) => tag)).size).toBe(ballots.length);
    const counts = [1, 2, 3].map((option) => ballots.filter((ballot) => ballot.option === option).length);
    expect(await central.organiser.tally(poll)).toMatchObject({ counts });
  }).toPass({ timeout: 10_000 });
});

test("in test mode everything works and nothing is stored; after it the same touch is a vote", async ({
  server,
  station,
}, testInfo) => {
  const central = await server.start();
  const kiosk = await station.start({ server: central.url, demo: true });
  const poll = await begin(central, kiosk, { ...POLL, tagless: true });
  const operator = await comeIn(kiosk.url);
  await operator.act({ kind: "test-mode", on: true });
  const band = kiosk.page.locator(".test-band");
  await expect(band).toContainText("Nothing is counted now");
  await touch(kiosk.page, 2);
  await expect(lane(kiosk.page, 2)).toHaveAttribute("data-outcome", "test-tap");
  await kiosk.page.getByRole("button", { name: "Reader 1" }).click();
  await expect(lane(kiosk.page, 1)).toHaveAttribute("data-outcome", "test-tap");
  await kiosk.page.screenshot({ path: testInfo.outputPath("test-mode.png") });
  await operator.sees("both in the panel", ({ test: tried }) => tried?.counts.join() === "1,1,0");

  await kiosk.kill9();
  await kiosk.restart();
  await expect(band).toBeVisible();
  expect(ballotsOn(kiosk)).toEqual([]);
  expect(await central.organiser.tally(poll)).toMatchObject({ counts: [0, 0, 0] });

  const again = await comeIn(kiosk.url);
  await again.act({ kind: "test-mode", on: false });
  await expect(band).toHaveCount(0);
  await touch(kiosk.page, 2);
  await expect(lane(kiosk.page, 2)).toHaveAttribute("data-outcome", "counted");
  await central.organiser.tallyToBe(poll, [0, 1, 0]);
  expect(ballotsOn(kiosk)).toHaveLength(1);
});

test("whoever tries the demo finds the reader whose answer is touched", async ({ server, station }) => {
  const central = await server.start();
  const kiosk = await station.start({ server: central.url, demo: true });
  const poll = await begin(central, kiosk, POLL);
  await kiosk.page.getByRole("button", { name: "Any answer: then touch it" }).click();
  await expect(kiosk.page.locator(".waiting")).toContainText("Now touch your answer");
  await touch(kiosk.page, 3);
  await expect(lane(kiosk.page, 3)).toHaveAttribute("data-outcome", "counted");
  await central.organiser.tallyToBe(poll, [0, 0, 1]);
});

test("behind the operator's panel the kiosk goes on, and is there again when the operator leaves", async ({
  server,
  station,
}, testInfo) => {
  const central = await server.start();
  const kiosk = await station.start({ server: central.url });
  const { page } = kiosk;
  // Nobody chose a PIN, and no server admitted it.
  await expect(page.getByRole("button", { name: "Set up this kiosk" })).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath("new-station.png") });
  const poll = await begin(central, kiosk, POLL);
  await expect(page.getByRole("button", { name: "Set up this kiosk" })).toHaveCount(0);
  await comeIn(kiosk.url);
  await page.mouse.move(20, 20);
  await page.mouse.down();
  const panel = page.locator(".panel-place");
  await expect(panel.getByRole("button").first()).toBeVisible();
  await page.mouse.up();
  await page.screenshot({ path: testInfo.outputPath("panel.png") });
  await central.organiser.pause(poll);
  await expect(page.locator(".app .status")).toContainText("paused");
  await expect(page.locator(".kiosk")).toHaveAttribute("inert", "");
  await panel.getByRole("button", { name: "Back to voting" }).click();
  await expect(panel).toHaveCount(0);
  await expect(page.locator(".kiosk")).not.toHaveAttribute("inert");
});

/** Admit the station and open the poll. @returns its id */
async function begin(
  central: ServerProgram,
  kiosk: Kiosk,
  poll: Parameters<ServerProgram["organiser"]["createPoll"]>[0],
): Promise<string> {
  await central.organiser.admit(kiosk.url);
  const { id } = await central.organiser.createPoll(poll);
  await central.organiser.open(id);
  await expect(lane(kiosk.page, 1)).toBeVisible();
  return id;
}

async function comeIn(station: string): Promise<Operator> {
  const operator = createOperatorHand(station);
  expect(await operator.enter(PIN)).toEqual({ state: "in" });
  return operator;
}

/** As the operator does it in the panel. */
async function assignToChoose(operator: Operator): Promise<void> {
  const { readers } = await operator.sees("the reader", (state) => state.readers.length > 0);
  const assigned = await operator.act({ kind: "assign", id: readers[0]?.id ?? "", target: { kind: "choose" } });
  expect(assigned).toEqual({ status: 204, body: null });
}

function lanes(page: Page): Locator {
  return page.locator(".lanes");
}

function lane(page: Page, option: number): Locator {
  return page.locator(`.lane[data-option="${option}"]`);
}

async function touch(page: Page, option: number): Promise<void> {
  await lane(page, option).getByRole("button").click();
}

/** The ballots in the station's logs, in the order in which they were stored. */
function ballotsOn(kiosk: Kiosk): { option: number; tag: string }[] {
  return [...readStationLogs(kiosk.data).values()].flat().flatMap((hex) => {
    const record = decodeRecord(fromHex(hex) ?? new Uint8Array());
    return record?.kind === "ballot" ? [{ option: record.option, tag: record.tagKey.join() }] : [];
  });
}
