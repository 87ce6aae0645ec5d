/** The operator's panel in a real browser on a real station. */
import { expect, test } from "../hosts/host.ts";
import { HAS_SOCAT, openSerialLine, rdm6300Frame, type SerialLine } from "../rig/pty.ts";
import { beginSetUp, choosePin, faultsOf, goTo, knock, touchPin } from "./panel-page.ts";

const PIN = "4071";
const POLL = {
  question: "What should the north hall become next year?",
  options: ["A quiet reading room", "Workshops for children", "A stage for local music"],
  counts: "first" as const,
};
const SIZES = [
  [1280, 800],
  [1080, 1920],
  [1920, 1080],
] as const;
const BADGE = Uint8Array.of(0x01, 0x00, 0x86, 0xf4, 0x42);
const OTHER_BADGE = Uint8Array.of(0x3c, 0x00, 0xce, 0x75, 0x4c);

test.skip(!HAS_SOCAT, "not run: socat is missing");
test.setTimeout(120_000);

// The page is the same on every host; `set-up.spec.ts` goes through it on each.
test.beforeEach(() =>
  test.skip(test.info().project.metadata["host"] !== "headless", "not run here: once is enough for the page"),
);

const specOf = (line: SerialLine): string => `serial:${line.path}?protocol=rdm6300&gap=200`;

test("five wrong PINs lock the panel, with the time that is left; visitors never see what is behind", async ({
  station,
}) => {
  const kiosk = await station.start({ server: "http://127.0.0.1:9" });
  const { page } = kiosk;
  await beginSetUp(page);
  await choosePin(page, PIN);
  await page.getByRole("button", { name: "Back to voting" }).click();
  await knock(page);
  for (let left = 4; left >= 1; left--) {
    await touchPin(page, "9999");
    await expect(page.getByRole("alert")).toContainText(`${left} ${left === 1 ? "try" : "tries"} left`);
  }
  await touchPin(page, "9999");
  await expect(page.getByRole("heading", { name: "Too many tries" })).toBeVisible();
  await expect(page.getByRole("timer")).toContainText(/\d:\d\d/);
  await expect(page.locator(".op-rail")).toHaveCount(0);
});

test("the check has a tick for each reader tapped, and prints on one page of A4", async ({ server, station }) => {
  const lines = [await openSerialLine(), await openSerialLine()] as const;
  const central = await server.start();
  const kiosk = await station.start({
    server: central.url,
    readers: lines.map((line, at) => `${specOf(line)}&slot=${at + 1}`),
  });
  const { page } = kiosk;
  await central.organiser.admit(kiosk.url);
  const poll = await central.organiser.createPoll({ ...POLL, options: POLL.options.slice(0, 2) });
  await central.organiser.open(poll.id);
  await knock(page);
  await choosePin(page, PIN);
  await goTo(page, "Check");
  await page.getByRole("button", { name: "Start the check" }).click();
  await expect(page.locator("[data-tick]")).toHaveCount(2);
  await expect(page.locator("[data-tick][data-tapped='true']")).toHaveCount(0);
  await lines[0].write(rdm6300Frame(BADGE));
  await expect(page.locator("[data-tick][data-tapped='true']")).toHaveCount(1);
  await lines[1].write(rdm6300Frame(BADGE));
  await expect(page.getByRole("heading", { name: "All readers tapped" })).toBeVisible();
  for (const check of ["readers", "assigned", "disk", "testing"])
    await expect(page.locator(`[data-check='${check}']`)).toHaveAttribute("data-word", "good");
  await page.getByRole("button", { name: "Finish the check" }).click();
  await expect(page.locator(".op-versions")).not.toContainText("running");

  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".op-rail")).toBeHidden();
  await expect(page.locator(".op-report")).toBeVisible();
});

test("the test mode is loud in every room, counts its taps, and none of them is a vote", async ({
  server,
  station,
}) => {
  const line = await openSerialLine();
  const central = await server.start();
  const kiosk = await station.start({ server: central.url, readers: [`${specOf(line)}&slot=2`] });
  const { page } = kiosk;
  await central.organiser.admit(kiosk.url);
  const poll = await central.organiser.createPoll(POLL);
  await central.organiser.open(poll.id);
  await knock(page);
  await choosePin(page, PIN);
  await goTo(page, "Test");
  await page.getByRole("button", { name: "Start the test" }).click();
  for (const room of ["Server", "Admission", "Readers", "Check", "More", "Test"]) {
    await goTo(page, room);
    await expect(page.getByText("Test: votes here do not count")).toBeVisible();
  }
  await line.write(rdm6300Frame(BADGE));
  await expect(page.getByRole("heading", { name: "1 tap in this test" })).toBeVisible();
  await page.getByRole("button", { name: "End the test" }).click();
  await expect(page.getByText("Test: votes here do not count")).toHaveCount(0);
  await page.getByRole("button", { name: "Back to voting" }).click();
  await expect(page.getByRole("heading", { name: POLL.question })).toBeVisible();
  await line.write(rdm6300Frame(OTHER_BADGE));
  await central.organiser.tallyToBe(poll.id, [0, 1, 0]);
});

test("a reader is renamed on the screen's own keys, and the server's address is typed on them", async ({ station }) => {
  const line = await openSerialLine();
  const kiosk = await station.start({ server: null, readers: [`${specOf(line)}&slot=1`] });
  const { page } = kiosk;
  await beginSetUp(page);
  await choosePin(page, PIN);
  const key = (name: string) => page.locator(".op-keys").getByRole("button", { name, exact: true });

  await goTo(page, "Readers");
  await page.locator(".op-reader").click();
  await page.locator(".op-hand").getByRole("button", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Rename" }).click();
  const field = page.getByRole("textbox", { name: "Name of the reader" });
  for (let left = (await field.inputValue()).length; left > 0; left--) await key("Erase").click();
  await key("Capital letters").click();
  for (const letter of ["L", "e", "f", "t"]) await key(letter).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Left" })).toBeVisible();
  await page.getByRole("button", { name: "Close" }).click();

  await goTo(page, "Server");
  await expect(page.locator(".op-wait", { hasText: "Searching" })).toBeVisible();
  await page.getByRole("button", { name: "Type the address" }).click();
  const address = page.getByRole("textbox", { name: "Server address" });
  await address.selectText();
  await key("http://").click();
  for (const sign of "127.0.0.1:9") await key(sign).click();
  await page.getByRole("button", { name: "Use it" }).click();
  await expect(page.locator(".op-address-text")).toContainText("127.0.0.1:9");
  await expect(page.locator(".op-network")).toContainText("server does not answer");
});

test("in every room, size and text size all can be seen without going sideways and touched with a thumb", async ({
  station,
}) => {
  const line = await openSerialLine();
  const kiosk = await station.start({ server: null, readers: [`${specOf(line)}&slot=1`] });
  const { page } = kiosk;
  await page.setViewportSize({ width: 1280, height: 800 });
  await beginSetUp(page);
  await choosePin(page, PIN);
  for (const query of ["?text=1&lang=ar", "?text=4&lang=de"]) {
    await page.goto(new URL(query, kiosk.url).href);
    // The visit goes on over a reload: the gate lets it pass.
    await page.keyboard.down("Home");
    await expect(page.locator(".op-room")).toBeVisible();
    await page.keyboard.up("Home");
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      for (let room = 0; room < 6; room++) {
        await page.locator(".op-rail li button").nth(room).click();
        await expect(page.locator(".op-rail li button").nth(room)).toHaveAttribute("aria-current", "page");
        expect({ query, width, room, faults: await faultsOf(page) }).toEqual({ query, width, room, faults: [] });
      }
    }
  }
});
