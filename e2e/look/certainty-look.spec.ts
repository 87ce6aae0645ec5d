/** How the kiosk says how far its counts can be trusted, and what stands between it and the count. */
import { expect } from "@playwright/test";
import type { ScreenEvent } from "../../shared/events/stream.ts";
import { SIZE_NAMES, expectFit, shoot, test, visit } from "./kiosk-page.ts";
import { outcomeOf, pollOf, sceneOf } from "./scenes.ts";

test.use({ trace: "off" });

const poll = pollOf(5);
const ROUND_2 = { ...poll, round: 2 };
const CERTIFIED = pollOf(5, "short", "certified");
const REVOKED = { state: "revoked", safeHere: 14, code: null, reason: null } as const;
const DAMAGE = { file: "log.damaged-2026-11-21T09-08-07Z.sqlite", files: 1 } as const;
const OFFLINE = { state: "offline", safeHere: 14, code: null, reason: null } as const;

const SCENES = [
  ["provisional", sceneOf(ROUND_2), "Provisional"],
  ["closed", sceneOf(pollOf(5, "short", "closed")), "Provisional"],
  ["final", sceneOf(CERTIFIED), "Final result"],
  ["final-round", sceneOf({ ...CERTIFIED, round: 3 }), "Round 3"],
  ["offline", sceneOf(ROUND_2, { link: OFFLINE }), "14"],
  ["aside", sceneOf(poll, { branch: "aside" }), "two copies of it are running"],
  ["copy", sceneOf(poll, { branch: "copy" }), "Another copy of this kiosk is running"],
  ["rejected", sceneOf(poll, { branch: "rejected" }), "does not count votes given at this kiosk"],
  ["revoked", sceneOf(poll, { link: REVOKED }), "was taken out of the event"],
  ["over", sceneOf(CERTIFIED, { over: true }), "The event is over"],
  ["damage", sceneOf(poll, { damage: DAMAGE }), "please keep the damaged file"],
  ["revoked-no-poll", sceneOf(null, { link: REVOKED }), "takes no votes any more"],
  ["over-no-poll", sceneOf(null, { over: true }), "The event is over"],
] as const satisfies (readonly [string, ScreenEvent, string])[];

// Colours change no size: the plain ones on every screen, and one screen in the others.
for (const [theme, size] of [
  ["light", "portrait"],
  ["light", "landscape"],
  ["light", "small"],
  ["dark", "landscape"],
  ["contrast", "small"],
] as const) {
  test(`each kind of certainty in the ${theme} theme fits on a ${size} screen and says what it is`, async ({
    page,
    station,
  }) => {
    station.show(sceneOf(pollOf(2)));
    await visit(page, station, size, `?lang=en&theme=${theme}`);
    for (const [name, scene, words] of SCENES) {
      station.send(scene);
      await expect(page.locator(".stage")).toContainText(words);
      if (scene.poll !== null) await expectFit(page, name);
      await shoot(page, `${size}-${theme}-${name}`);
    }
  });
}

for (const [lang, text, size] of [
  ["de", "4", "portrait"],
  ["de", "4", "small"],
  ["ar", "1", "portrait"],
  ["ar", "4", "small"],
] as const) {
  test(`each kind of certainty fits in ${lang} with letters of size ${text} on a ${size} screen`, async ({
    page,
    station,
  }) => {
    station.show(sceneOf(pollOf(2)));
    await visit(page, station, size, `?lang=${lang}&text=${text}`);
    for (const [name, scene] of SCENES) {
      if (scene.poll === null) continue;
      station.send(scene);
      await expect(page.locator(".lane")).toHaveCount(5);
      await expectFit(page, name);
      await shoot(page, `${size}-${lang}-${text}-${name}`);
    }
  });
}

test("a long question leaves the round its place, and offline counts are marked too", async ({ page, station }) => {
  station.show(sceneOf({ ...pollOf(12, "long"), round: 12 }, { link: OFFLINE }));
  for (const size of SIZE_NAMES) {
    await visit(page, station, size, "?lang=de");
    await expect(page.locator(".round")).toHaveText("Runde 12");
    await expect(page.locator(".mark")).toHaveText("Vorläufig");
    await expectFit(page, size);
    await shoot(page, `${size}-round-long`);
  }
});

test("a refusal at a kiosk that takes no votes is told by name, and nobody is invited to vote there", async ({
  page,
  station,
}) => {
  station.show(sceneOf(poll, { link: REVOKED }));
  await visit(page, station, "small");
  await expect(page.locator(".lane")).toHaveCount(5);
  await expect(page.locator(".how")).toHaveCount(0);
  station.send(outcomeOf("revoked", null));
  await expect(page.locator(".notice")).toContainText("This kiosk no longer takes votes");
  station.send({ kind: "over", over: true });
  station.send(outcomeOf("event-over", null));
  await expect(page.locator(".notice").last()).toContainText("The event is over");
  await expectFit(page);
  await shoot(page, "refused-there");
});

test("no counts, no mark; and the mark changes with the certificate", async ({ page, station }) => {
  station.show(sceneOf(poll, { tally: null }));
  await visit(page, station, "small");
  await expect(page.locator(".lane")).toHaveCount(5);
  await expect(page.locator(".mark")).toHaveCount(0);
  station.send({ kind: "tally", tally: { poll: poll.id, cursor: 5, counts: [1, 2, 3, 4, 5], provisional: true } });
  await expect(page.locator(".mark")).toHaveAttribute("data-standing", "provisional");
  const before = await page.locator(".mark path").getAttribute("d");
  const tally = { poll: poll.id, cursor: 5, counts: [1, 2, 3, 4, 5], provisional: false };
  station.send({ kind: "poll", poll: { ...poll, state: "certified" }, tally });
  await expect(page.locator(".mark")).toHaveAttribute("data-standing", "final");
  expect(await page.locator(".mark path").getAttribute("d")).not.toBe(before);
});

test("a screen reader hears the round, the final result, and what is wrong with the kiosk", async ({
  page,
  station,
}) => {
  station.show(sceneOf(ROUND_2));
  await visit(page, station, "small");
  const said = page.locator("[aria-live]");
  await expect(said.first()).toHaveText(`Round 2. ${poll.question}`);
  station.send(sceneOf({ ...ROUND_2, state: "certified" }, { branch: "aside" }));
  await expect(said.first()).toContainText("the result is final");
  await expect(said.filter({ hasText: "two copies of it are running" })).toHaveCount(1);
  station.send(sceneOf(CERTIFIED));
  await expect(said.filter({ hasText: "Final result:" })).toHaveCount(1);
});
