/** How the kiosk looks and behaves where answers are touched, in test mode, on a new station, and at the way to the panel. */
import { expect } from "@playwright/test";
import type { Page } from "@playwright/test";
import type { OutcomeKind, ScreenEvent, ScreenReader, ScreenTouch } from "../../shared/events/stream.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { findMisfits } from "./fit.ts";
import { SIZES, SIZE_NAMES, expectFit, shoot, stampAt, test, visit } from "./kiosk-page.ts";
import { outcomeOf, pollOf, sceneOf } from "./scenes.ts";

test.use({ trace: "off" });

const READER: ScreenReader = {
  id: "r",
  name: "Desk",
  state: "present",
  slot: null,
  chooses: true,
  reason: null,
};
const READERS = [READER];
const TAPPED: ScreenTouch = { kind: "tapped", id: "1", forMs: 10_000 };
const TOUCHED: ScreenTouch = { kind: "touched", id: "2", option: 3, forMs: 10_000 };
const poll = pollOf(5);
const OPEN = sceneOf(poll, { readers: READERS });
const OFFLINE = { state: "offline", safeHere: 14, code: null, reason: null } as const;
const ENROLLING = { state: "enrolling", safeHere: 0, code: "ABCD-EFGH", reason: null } as const;

const SCENES = [
  ["open", OPEN, ".how", "then touch your answer"],
  ["several", sceneOf({ ...poll, upTo: 3 }, { readers: READERS }), ".how", "up to 3"],
  ["tagless", sceneOf({ ...poll, tagless: true }), ".how", "Touch your answer"],
  ["tapped", { ...OPEN, touch: TAPPED }, ".waiting", "Now touch your answer"],
  ["touched", { ...OPEN, touch: TOUCHED }, ".waiting", "Now hold your badge"],
  ["touched-test", { ...OPEN, touch: TOUCHED, testing: true }, ".test-band", "Nothing is counted now"],
  ["test", sceneOf(poll, { testing: true }), ".test-band", "TEST"],
  ["test-offline", sceneOf(pollOf(12, "long"), { testing: true, link: OFFLINE }), ".test-band", "TEST"],
  ["tapped-50", { ...sceneOf(pollOf(50), { readers: READERS }), touch: TAPPED }, ".waiting", "Now touch"],
] as const satisfies (readonly [string, ScreenEvent, string, string])[];

// Colours change no size: the plain ones on every screen, and one screen in the others.
for (const [theme, size] of [
  ["light", "portrait"],
  ["light", "landscape"],
  ["light", "small"],
  ["dark", "landscape"],
  ["contrast", "small"],
] as const) {
  test(`touching and testing in the ${theme} theme fit on a ${size} screen`, async ({ page, station }) => {
    station.show(sceneOf(pollOf(2)));
    await visit(page, station, size, `?lang=en&theme=${theme}`);
    for (const [name, scene, part, words] of SCENES) {
      station.send(scene);
      await expect(page.locator(part).first()).toContainText(words);
      await expectFit(page, name);
      await shoot(page, `${size}-${theme}-${name}`);
    }
    await showEach(page, station.send, (kind) => shoot(page, `${size}-${theme}-outcome-${kind}`));
  });
}

for (const [lang, text, size] of [
  ["de", "4", "portrait"],
  ["de", "4", "small"],
  ["ar", "1", "landscape"],
  ["ar", "4", "portrait"],
  ["ar", "4", "small"],
] as const) {
  test(`touching and testing fit in ${lang} with letters of size ${text} on a ${size} screen`, async ({
    page,
    station,
  }) => {
    station.show(sceneOf(pollOf(2)));
    await visit(page, station, size, `?lang=${lang}&text=${text}`);
    for (const [name, scene, part] of SCENES) {
      // 50 answers and long ones in the largest letters are the plain kiosk's matter.
      if (name === "tapped-50" || name === "test-offline") continue;
      station.send(scene);
      await expect(page.locator(part).first()).toBeVisible();
      await expectFit(page, name);
    }
    await showEach(page, station.send);
  });
}

let taps = 0;
/** The outcomes that came with touching and the operator, each with its sentence. */
async function showEach(
  page: Page,
  send: (event: ScreenEvent) => void,
  onShown: (kind: OutcomeKind) => Promise<unknown> = async () => {},
): Promise<void> {
  for (const kind of ["choose-expired", "shared-uid", "slow-down", "test-tap", "operator-tap"] as const) {
    const option = kind === "operator-tap" || kind === "choose-expired" ? null : 2;
    const reader = kind === "operator-tap" ? "Reader at the left door" : null;
    const notice = page.locator(`.notice[data-outcome="${kind}"]`);
    // An outcome that had its time would fit, too: it has to be there before and after.
    await expect(async () => {
      // A snapshot takes away what was shown.
      send(OPEN);
      send({ kind: "outcome", outcome: { id: `tap-${++taps}`, kind, option, reader } });
      await expect(notice).toBeVisible({ timeout: 2_000 });
      const misfits = await findMisfits(page);
      expect([misfits, await notice.count()]).toEqual([[], 1]);
    }).toPass({ timeout: 20_000 });
    await onShown(kind);
  }
}

test("a lane is a button while a touch is worth something, and only then", async ({ page, station }) => {
  station.show(sceneOf(poll));
  await visit(page, station, "small");
  await expect(page.locator(".lane")).toHaveCount(5);
  await expect(page.locator(".lane button")).toHaveCount(0);
  station.send({ kind: "readers", readers: READERS });
  await expect(page.getByRole("button", { name: /^Option 2, / })).toBeVisible();
  const box = await page.locator(".lane button").first().boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(64);
  station.send({ kind: "readers", readers: [{ ...READER, state: "lost", reason: say("being-opened") }] });
  await expect(page.locator(".lane button")).toHaveCount(0);
  station.send({ kind: "poll", poll: { ...poll, tagless: true }, tally: null });
  await expect(page.locator(".lane button")).toHaveCount(5);
  station.send({ kind: "disk", disk: { state: "failing", reason: null } });
  await expect(page.locator(".lane button")).toHaveCount(0);
});

test("touches reach the station once each, by finger and by keyboard, and a wedge's Enter presses no lane", async ({
  page,
  station,
}) => {
  station.show(OPEN);
  await visit(page, station, "small");
  const lane = (option: number) => page.locator(`.lane[data-option="${option}"] button`);
  await lane(2).dblclick();
  await expect.poll(() => station.touches).toEqual([{ poll: poll.id, option: 2 }]);
  // What a finger pressed has no focus: this is a badge's number, typed by its reader.
  await page.keyboard.type("0012345678");
  await page.keyboard.press("Enter");
  await lane(4).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => station.touches.map(({ option }) => option)).toEqual([2, 4]);
});

test("a touch that the station does not take is told at its lane", async ({ page, station, complaints }) => {
  station.show(OPEN);
  await visit(page, station, "small");
  station.answerTouches(409);
  await page.locator('.lane[data-option="1"] button').click();
  await expect(stampAt(page, 1)).toHaveText("One by one");
  // The browser's own word on the answer.
  expect(complaints).toEqual([expect.stringContaining("409")]);
  complaints.length = 0;
});

test("with 50 answers a voter who tapped turns pages to the answer, and nobody else's outcome turns them away", async ({
  page,
  station,
}) => {
  station.show(sceneOf(pollOf(50, "long"), { readers: READERS, touch: TAPPED }));
  await visit(page, station, "small");
  const pager = page.locator(".pager span");
  await expect(pager).toContainText(/^1–/);
  await page.getByRole("button", { name: "More answers" }).click();
  await expect(pager).not.toContainText(/^1–/);
  const there = await pager.textContent();
  station.send(outcomeOf("counted", 1));
  await page.locator(".lane button").nth(1).click();
  await expect.poll(() => station.touches.length).toBe(1);
  expect(station.touches[0]?.option).toBe(Number(/^\d+/.exec(there ?? "")?.[0]) + 1);
  await expect(pager).toHaveText(there ?? "");
  await shoot(page, "paged-tapped");
});

test("half a vote is said to who listens, and its time is seen to run", async ({ page, station }) => {
  station.show(OPEN);
  await visit(page, station, "small");
  station.send({ kind: "touch", touch: TOUCHED });
  await expect(page.locator("[aria-live]").filter({ hasText: "Now hold your badge to the reader" })).toHaveCount(1);
  await expect(page.locator('.lane[data-option="3"] button')).toHaveAttribute("aria-pressed", "true");
  const width = async () => (await page.locator(".time-left").boundingBox())?.width ?? 0;
  const before = await width();
  await expect.poll(width).toBeLessThan(before);
  station.send({ kind: "touch", touch: null });
  await expect(page.locator(".waiting")).toHaveCount(0);
  await expect(page.locator('.lane[data-option="3"] button')).toHaveAttribute("aria-pressed", "false");
});

for (const size of SIZE_NAMES) {
  test(`the test band is there on every page of a ${size} screen, above the question`, async ({ page, station }) => {
    station.show(sceneOf(poll, { testing: true }));
    await visit(page, station, size, "?lang=de");
    const band = await page.locator(".test-band").boundingBox();
    const question = await page.locator("h1").boundingBox();
    if (band === null || question === null) throw new Error("no band or no question");
    expect(band.width).toBeGreaterThan(SIZES[size].width * 0.85);
    expect(band.y + band.height).toBeLessThanOrEqual(question.y);
    for (const scene of [sceneOf(null, { testing: true }), sceneOf(null, { testing: true, link: ENROLLING })]) {
      station.send(scene);
      await expect(page.locator(".page-message")).toBeVisible();
      await expect(page.locator(".test-band")).toContainText("Jetzt wird nichts gezählt");
    }
    await shoot(page, `${size}-test-enrolling`);
    station.send({ kind: "testing", testing: false });
    await expect(page.locator(".test-band")).toHaveCount(0);
  });

  test(`a new station invites to set it up on a ${size} screen, and keeps its code in view`, async ({
    page,
    station,
  }) => {
    station.show(sceneOf(null, { setUp: "first-run", link: { ...OFFLINE, safeHere: 0 } }));
    await visit(page, station, size, "?lang=de&text=2");
    const button = page.getByRole("button", { name: "Diesen Kiosk einrichten" });
    await expect(button).toBeVisible();
    await shoot(page, `${size}-first-run`);
    station.send(sceneOf(null, { setUp: "first-run", link: ENROLLING }));
    await expect(page.locator(".code")).toHaveText("ABCD-EFGH");
    const box = await button.boundingBox();
    if (box === null) throw new Error("no button");
    expect(box.y + box.height).toBeLessThanOrEqual(SIZES[size].height);
    expect(box.height).toBeGreaterThanOrEqual(64);
    await shoot(page, `${size}-first-run-code`);
  });
}

test("the panel opens for who holds the corner or its key, and for nobody who touches and types", async ({
  page,
  station,
}) => {
  await askForPin(page);
  station.show(OPEN);
  await visit(page, station, "small");
  const panel = page.locator(".panel-place");
  for (let count = 0; count < 5; count++) await page.mouse.click(20, 20);
  await page.keyboard.type("0012345678");
  await page.keyboard.press("Home");
  await expect(panel).toHaveCount(0);
  await page.mouse.move(20, 20);
  await page.mouse.down();
  await expect(page.locator(".door-sign")).toHaveText("Keep holding: for the staff");
  await shoot(page, "door");
  await expect(panel).toHaveCount(1);
  await page.mouse.up();
  await expect(page.locator(".kiosk")).toHaveAttribute("inert", "");
});

/** The look server knows no operator: the panel is told to ask for the PIN. */
async function askForPin(page: Page): Promise<void> {
  await page.route("**/operator/access", (route) => route.fulfill({ json: { state: "ask", triesLeft: 5 } }));
}

test("the first-run button opens the panel, and a held key does where there is no finger", async ({
  page,
  station,
}) => {
  await askForPin(page);
  station.show(sceneOf(null, { setUp: "first-run" }));
  await visit(page, station, "small");
  await page.getByRole("button", { name: "Set up this kiosk" }).click();
  await expect(page.locator(".panel-place")).toHaveCount(1);
  await page.reload();
  await expect(page.locator('.stage[data-line="up"]')).toBeVisible();
  await page.keyboard.down("Home");
  await expect(page.locator(".panel-place")).toHaveCount(1);
  await page.keyboard.up("Home");
});

test("a panel that cannot be fetched leaves the kiosk as it is, and is fetched anew the next time", async ({
  page,
  station,
  complaints,
}) => {
  await askForPin(page);
  station.show(sceneOf(null, { setUp: "first-run" }));
  await visit(page, station, "small");
  const button = page.getByRole("button", { name: "Set up this kiosk" });
  let asked = 0;
  await page.route("**/assets/OperatorPanel-*.js", (route) => {
    asked += 1;
    return route.abort();
  });
  await button.click();
  // Once to preload it, once to run it.
  await expect.poll(() => asked).toBeGreaterThan(0);
  await expect(page.locator(".panel-place")).toHaveCount(0);
  await expect(page.locator(".kiosk")).not.toHaveAttribute("inert");
  await expect(button).toBeVisible();
  expect(complaints.join()).toContain("back to the kiosk");
  complaints.length = 0;
  await page.unroute("**/assets/OperatorPanel-*.js");
  await button.click();
  // Not only the place of it.
  await expect(page.locator(".panel-place > :not(.page-message)")).toHaveCount(1);
});
