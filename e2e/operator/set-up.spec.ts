/** A new kiosk set up by touch alone, and its operator's panel in a real browser on a real station. */
import { expect, test } from "../hosts/host.ts";
import { HAS_SOCAT, openSerialLine, rdm6300Frame, type SerialLine } from "../rig/pty.ts";
import { beginSetUp, choosePin } from "./panel-page.ts";

const PIN = "4071";
const POLL = {
  question: "What should the north hall become next year?",
  options: ["A quiet reading room", "Workshops for children", "A stage for local music"],
  counts: "first" as const,
};
const BADGE = Uint8Array.of(0x01, 0x00, 0x86, 0xf4, 0x42);
const OTHER_BADGE = Uint8Array.of(0x3c, 0x00, 0xce, 0x75, 0x4c);
const VOTER = Uint8Array.of(0x01, 0x00, 0x86, 0xf4, 0x43);

test.skip(!HAS_SOCAT, "not run: socat is missing");
test.setTimeout(120_000);

const specOf = (line: SerialLine): string => `serial:${line.path}?protocol=rdm6300&gap=200`;

test("from a new kiosk to the first vote by touch alone: PIN, code, readers taught by tapping; those taps are no votes", async ({
  server,
  station,
}) => {
  const lines = [await openSerialLine(), await openSerialLine()] as const;
  const central = await server.start();
  const kiosk = await station.start({ server: central.url, readers: lines.map(specOf) });
  const { page } = kiosk;
  await beginSetUp(page);
  await choosePin(page, PIN);

  // The server answers: there is nothing to do about it.
  const code = page.locator(".op-code");
  await expect(code).toBeVisible();
  await central.organiser.enrol((await code.textContent()) ?? "", "Entrance");
  await expect(page.locator(".op-room[data-room='readers']")).toBeVisible();

  const poll = await central.organiser.createPoll(POLL);
  await central.organiser.open(poll.id);
  await expect(page.locator(".op-board h1")).toHaveText(POLL.question);

  // Tap first, then touch.
  await page.locator(".op-hand").getByRole("button", { name: "Tap to assign" }).click();
  await expect(page.locator(".op-hand")).toContainText("Hold a tag to a reader");
  await lines[0].write(rdm6300Frame(BADGE));
  await expect(page.locator(".op-hand")).toContainText("saw a tag");
  await page.locator("[data-place='answer-2'] > .op-place-head").click();
  await expect(page.locator("[data-place='answer-2'] .op-reader")).toBeVisible();

  // Touch first, then tap.
  await page.locator("[data-place='answer-3'] > .op-place-head").click();
  await expect(page.locator(".op-hand")).toContainText(POLL.options[2] ?? "");
  await lines[1].write(rdm6300Frame(OTHER_BADGE));
  await expect(page.locator("[data-place='answer-3'] .op-reader")).toBeVisible();

  // Swap the two: touch one, touch the other.
  const second = page.locator("[data-place='answer-2'] .op-reader");
  const third = page.locator("[data-place='answer-3'] .op-reader");
  const [before] = [await second.getAttribute("data-reader")];
  await page.locator(".op-hand").getByRole("button", { name: "Stop" }).click();
  await second.click();
  await third.click();
  await expect(third).toHaveAttribute("data-reader", before ?? "");

  await page.getByRole("button", { name: "Back to voting" }).click();
  await expect(page.locator(".op")).toHaveCount(0);
  // Not the operator's: one that still lies there when its reader is opened is no vote for a while.
  await lines[0].write(rdm6300Frame(VOTER));
  // One vote, where the swapped reader stands now; the taps of the teaching were none.
  await central.organiser.tallyToBe(poll.id, [0, 0, 1]);
});
