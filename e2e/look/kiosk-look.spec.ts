/** How the kiosk page looks and behaves at the three sizes people have. */
import { expect } from "@playwright/test";
import { OUTCOME_KINDS } from "../../shared/events/stream.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { latinIn, saidInEnglish } from "../rig/languages.ts";
import { SIZES, SIZE_NAMES, expectFit, shoot, stampAt, test, visit } from "./kiosk-page.ts";
import { outcomeOf, pollOf, sceneOf, tallyOf } from "./scenes.ts";

// A trace of each test would cost more than the tests; the pictures of a long run tell what was seen.
test.use({ trace: "off" });

for (const size of SIZE_NAMES) {
  for (const labels of ["short", "long"] as const) {
    test(`2 to 50 options with ${labels} labels fit on a ${size} screen, plain and with stamps`, async ({
      page,
      station,
    }) => {
      station.show(sceneOf(pollOf(2, labels)));
      await visit(page, station, size);
      for (const count of [2, 5, 12, 24, 50]) {
        const poll = pollOf(count, labels);
        station.send({ kind: "poll", poll, tally: tallyOf(poll) });
        await expect(page.locator(".lane").first()).toContainText(`Option 1, ${poll.options[0]?.label}, 412 votes`);
        await expect(page.locator(".stamp")).toHaveCount(0);
        await expectFit(page, `${count} options, plain`);
        await shoot(page, `${size}-${count}-${labels}`);
        await expect(async () => {
          OUTCOME_KINDS.slice(0, 8).forEach((kind, i) => station.send(outcomeOf(kind, (i % count) + 1)));
          await expect(page.locator(".stamp").nth(1)).toBeVisible({ timeout: 2000 });
        }).toPass();
        await expectFit(page, `${count} options, with stamps`);
        if (labels === "short") await shoot(page, `${size}-${count}-stamps`);
      }
    });
  }

  test(`each outcome shows its own words and picture at its lane on a ${size} screen`, async ({ page, station }) => {
    const poll = pollOf(OUTCOME_KINDS.length);
    station.show(sceneOf(poll));
    await visit(page, station, size, "?lang=de");
    await expect(page.locator(".lane")).toHaveCount(poll.options.length);
    await expect(async () => {
      OUTCOME_KINDS.forEach((kind, i) => station.send(outcomeOf(kind, i + 1)));
      await expect(page.locator(".stamp")).toHaveCount(OUTCOME_KINDS.length, { timeout: 2000 });
      const stamps = await page.locator(".stamp").allTextContents();
      const pictures = await page.locator(".chip path").evaluateAll((all) => all.map((path) => path.getAttribute("d")));
      expect(new Set(stamps).size).toBe(OUTCOME_KINDS.length);
      expect(new Set(pictures).size).toBe(OUTCOME_KINDS.length);
    }).toPass();
    await expectFit(page);
    await shoot(page, `${size}-outcomes`);
  });

  test(`the demo panel makes the stage smaller on a ${size} screen and covers nothing`, async ({ page, station }) => {
    station.show(sceneOf(pollOf(12), { demo: true }));
    await visit(page, station, size);
    await expect(page.locator(".demo-readers li button")).toHaveCount(12);
    await expectFit(page);
    const stage = await page.locator(".stage").boundingBox();
    const demo = await page.locator(".demo").boundingBox();
    if (stage === null || demo === null) throw new Error("no stage or no panel");
    expect(stage.x + stage.width <= demo.x || stage.y + stage.height <= demo.y).toBe(true);
    const button = await page.locator(".demo-readers button").first().boundingBox();
    expect(Math.min(button?.width ?? 0, button?.height ?? 0)).toBeGreaterThanOrEqual(64);
    await shoot(page, `${size}-demo`);
    await page.locator(".demo-fold").click();
    await expect(page.locator(".demo-readers")).toHaveCount(0);
    await expectFit(page);
    await shoot(page, `${size}-demo-folded`);
  });
}

for (const theme of ["dark", "contrast"]) {
  for (const size of SIZE_NAMES) {
    test(`the ${theme} theme on a ${size} screen`, async ({ page, station }) => {
      const poll = pollOf(5);
      const link = { state: "offline", safeHere: 14, code: null, reason: null } as const;
      const lost = {
        id: "r",
        name: "Reader 4",
        state: "lost",
        slot: 4,
        chooses: false,
        reason: say("port-unplugged", { port: "/dev/ttyUSB0" }),
      } as const;
      station.show(sceneOf(poll, { link, readers: [lost] }));
      await visit(page, station, size, `?lang=en&theme=${theme}`);
      await expect(page.locator(".status")).toContainText("14 votes safe here");
      await expect(page.locator(".strip")).toContainText(
        "Reader 4 is not connected. /dev/ttyUSB0 was unplugged: plug the reader in again",
      );
      station.send(outcomeOf("safe-here", 3));
      station.send(outcomeOf("already-counted", 1));
      await expect(page.locator(".stamp")).toHaveCount(2);
      await expectFit(page);
      await shoot(page, `${size}-${theme}`);
    });
  }
}

test("Arabic runs from right to left, bars too", async ({ page, station }) => {
  station.show(sceneOf(pollOf(5, "arabic")));
  await visit(page, station, "landscape", "?lang=ar&theme=light");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  station.send(outcomeOf("stored", 3));
  await expect(stampAt(page, 3)).toHaveText("حُفظ");
  await expectFit(page);
  const chip = await page.locator(".chip").first().boundingBox();
  expect(chip?.x).toBeGreaterThan(SIZES.landscape.width / 2);
  await shoot(page, "arabic");
});

test("the largest letters still fit", async ({ page, station }) => {
  station.show(sceneOf(pollOf(12)));
  await visit(page, station, "small", "?lang=de&text=4");
  await expect(page.locator(".lane").first()).toBeVisible();
  await expectFit(page);
  await shoot(page, "text-4");
});

test("a stored vote becomes counted at its lane, its bar moves, and a screen reader hears both", async ({
  page,
  station,
}) => {
  const poll = pollOf(5);
  station.show(sceneOf(poll, { tally: { poll: poll.id, cursor: 1, counts: [0, 0, 0, 0, 0], provisional: true } }));
  await visit(page, station, "small");
  await expect(page.locator(".lane").first()).toContainText("Option 1, A quiet reading room, 0 votes, 0 percent");
  station.send(outcomeOf("stored", 3, "t"));
  await expect(stampAt(page, 3)).toHaveText("Stored");
  station.send(outcomeOf("counted", 3, "t"));
  station.send({ kind: "tally", tally: { poll: poll.id, cursor: 2, counts: [0, 0, 1, 0, 0], provisional: true } });
  await expect(stampAt(page, 3)).toHaveText("Counted");
  await expect(page.locator("[aria-live] li")).toHaveText("Option 3: Your vote is counted. Thank you.");
  const lane = page.locator('.lane[data-option="3"]');
  await expect(lane).toHaveAttribute("data-votes", "1");
  await expect(lane).toContainText("Option 3, A stage for local music, 1 vote, 100 percent");
  await expect(lane.locator(".fill")).toHaveCSS("transform", /matrix\(1, 0, 0, 1, 0, 0\)|none/);
  await expect(stampAt(page, 3)).toHaveCount(0);
});

test("a failing disk is said plainly, and no success shows while it lasts", async ({ page, station }) => {
  const disk = { state: "failing", reason: say("disk-full", { path: "/var/lib/station" }) } as const;
  station.show(sceneOf(pollOf(5), { disk }));
  await visit(page, station, "small");
  station.send(outcomeOf("stored", 1));
  station.send(outcomeOf("not-stored", 2));
  await expect(stampAt(page, 2)).toHaveText("Not stored");
  await expect(stampAt(page, 1)).toHaveCount(0);
  await expect(page.getByRole("alert")).toContainText("The disk is full");
  await expectFit(page);
  await shoot(page, "disk-failing");
});

for (const { language, full, unplugged, wrongServer } of [
  {
    language: "de",
    full: "Die Festplatte ist voll. Schaff Platz, wo /var/lib/station liegt",
    unplugged: "Leser 4 ist nicht verbunden. /dev/ttyUSB0",
    wrongServer: "Das ist nicht der Server, an dem dieser Kiosk angemeldet wurde.",
  },
  {
    language: "ar",
    full: "القرص ممتلئ. أفرغ مساحة حيث يوجد \u2068/var/lib/station\u2069؛",
    unplugged: "\u2068/dev/ttyUSB0\u2069",
    wrongServer: "ليس هذا هو الخادم الذي سُجّل فيه هذا الكشك.",
  },
]) {
  test(`what the station says of itself is said in ${language}`, async ({ page, station }) => {
    const name = language === "de" ? "Leser 4" : "القارئ ٤";
    const lost = { id: "r", name, state: "lost", slot: 4, chooses: false } as const;
    station.show(
      sceneOf(pollOf(5, language === "ar" ? "arabic" : "short"), {
        disk: { state: "failing", reason: say("disk-full", { path: "/var/lib/station" }) },
        link: { state: "refused", safeHere: 3, code: null, reason: say("link-wrong-server") },
        readers: [{ ...lost, reason: say("port-unplugged", { port: "/dev/ttyUSB0" }) }],
      }),
    );
    await visit(page, station, "landscape", `?lang=${language}&theme=light`);
    const strips = page.locator(".strips");
    for (const words of [full, unplugged, wrongServer]) await expect(strips).toContainText(words);
    const text = await strips.innerText();
    expect(saidInEnglish(text)).toEqual([]);
    if (language === "ar") expect(latinIn(text)).toEqual([]);
    await expectFit(page);
    await shoot(page, `sentences-${language}`);
    station.send(
      sceneOf(null, { link: { state: "refused", safeHere: 3, code: null, reason: say("link-wrong-server") } }),
    );
    await expect(page.locator(".page-message .reason")).toContainText(wrongServer);
  });
}

test("an outcome without a lane is told in the place of the instruction", async ({ page, station }) => {
  station.show(sceneOf(pollOf(5)));
  await visit(page, station, "small");
  await expect(page.locator(".how")).toBeVisible();
  station.send(outcomeOf("unassigned", null));
  await expect(page.locator(".notice")).toContainText("Reader at the left door");
  await expect(page.locator(".notice")).toContainText("This reader has no number yet.");
  await shoot(page, "unassigned");
});

test("while a page is held, a tap for another page is told with its number, then the page turns", async ({
  page,
  station,
}) => {
  station.show(sceneOf(pollOf(50, "long")));
  await visit(page, station, "small");
  station.send(outcomeOf("counted", 50));
  await expect(stampAt(page, 50)).toHaveText("Counted");
  station.send(outcomeOf("counted", 1));
  await expect(page.locator(".notice b")).toHaveText("1");
  await expect(stampAt(page, 1)).toHaveText("Counted");
});

test("a label of the other direction still begins beside its chip", async ({ page, station }) => {
  station.show(sceneOf(pollOf(5, "arabic")));
  await visit(page, station, "small");
  await expect(page.locator(".label").first()).toHaveCSS("text-align", "left");
  await expect(page.locator(".label").first()).toHaveCSS("direction", "rtl");
});

test("a screen reader hears a new question and a pause", async ({ page, station }) => {
  const poll = pollOf(5);
  station.show(sceneOf(null));
  await visit(page, station, "small");
  const said = page.locator("p[aria-live]").first();
  await expect(said).toHaveText("Waiting for the next question");
  station.send({ kind: "poll", poll, tally: null });
  await expect(said).toHaveText(poll.question);
  station.send({ kind: "poll", poll: { ...poll, state: "paused" }, tally: null });
  await expect(said).toHaveText(`${poll.question} Voting is paused for a moment`);
});

test("a tap for an answer on another page turns to it", async ({ page, station }) => {
  station.show(sceneOf(pollOf(50, "long")));
  await visit(page, station, "small");
  await expect(page.locator(".pager")).toBeVisible();
  station.send(outcomeOf("stored", 50));
  await expect(stampAt(page, 50)).toHaveText("Stored");
  await page.getByRole("button", { name: "More answers" }).click();
  await expect(page.locator('.lane[data-option="1"]')).toBeVisible();
});

const PAGES = [
  [
    "enrolling",
    sceneOf(null, { link: { state: "enrolling", safeHere: 0, code: "K7QM-2XFD", reason: null } }),
    "K7QM-2XFD",
  ],
  [
    "refused",
    sceneOf(null, {
      link: { state: "refused", safeHere: 3, code: null, reason: say("link-revoked") },
    }),
    "was revoked",
  ],
  ["waiting", sceneOf(null), "Waiting for the next question"],
  ["paused", sceneOf(pollOf(5, "short", "paused")), "Voting is paused"],
  ["closed", sceneOf(pollOf(5, "short", "closed")), "Provisional"],
  ["hidden", sceneOf(pollOf(5), { tally: null }), "Hold your badge"],
] as const;

for (const size of ["portrait", "small"] as const) {
  test(`each state of the whole page says what it is on a ${size} screen`, async ({ page, station }) => {
    station.show(sceneOf(pollOf(2)));
    await visit(page, station, size);
    await expect(page.locator(".lane")).toHaveCount(2);
    for (const [name, scene, words] of PAGES) {
      station.send(scene);
      await expect(page.locator(".stage")).toContainText(words);
      await shoot(page, `${size}-${name}`);
    }
  });
}

for (const language of ["en", "de", "ar"]) {
  test(`in ${language} a whole page in the largest letters leaves room for the readers that are lost`, async ({
    page,
    station,
  }) => {
    const lost = (slot: number) => ({
      id: `r${slot}`,
      name: `RDM6300 at the entrance of the north hall ${slot}`,
      state: "lost" as const,
      slot,
      chooses: false,
      reason: say("port-missing", { port: `/dev/serial/by-id/usb-1a86_USB_Serial_Device-if00-port${slot}` }),
    });
    const readers = [1, 2, 3, 4].map(lost);
    station.show(sceneOf(pollOf(2), { readers }));
    await visit(page, station, "small", `?lang=${language}&theme=light&text=4`);
    for (const [name, scene] of PAGES.slice(0, 3)) {
      station.send(scene);
      station.send({ kind: "readers", readers });
      await expect(page.locator(".page-message h1")).toBeVisible();
      await expect(page.locator(".strip")).toHaveCount(3);
      const outside = () =>
        page.evaluate(() => {
          const top = 0;
          const bottom = document.querySelector(".strips")?.getBoundingClientRect().top ?? innerHeight;
          return [...document.querySelectorAll(".page-message > *")]
            .filter((part) => {
              const box = part.getBoundingClientRect();
              return box.top < top - 1 || box.bottom > bottom + 1;
            })
            .map((part) => part.tagName);
        });
      await expect.poll(outside, { message: name }).toEqual([]);
      await shoot(page, `large-${language}-${name}`);
    }
  });
}

test("without the station the last picture stays, dimmed, until it is back", async ({ page, station, complaints }) => {
  const poll = pollOf(5);
  station.show(sceneOf(poll));
  await visit(page, station, "small");
  await expect(page.locator(".lane")).toHaveCount(5);
  station.setLine(false);
  await expect(page.locator(".strip")).toContainText("This screen has lost its kiosk.");
  await expect(page.locator(".lane")).toHaveCount(5);
  await expect(page.locator(".how")).toHaveCount(0);
  await expect(page.locator(".status")).not.toContainText("live");
  await shoot(page, "line-lost");
  station.show(sceneOf(poll, { tally: { ...tallyOf(poll), cursor: 9, counts: [5, 0, 0, 0, 0] } }));
  station.setLine(true);
  await expect(page.locator('.lane[data-option="1"]')).toHaveAttribute("data-votes", "5", { timeout: 20_000 });
  await expect(page.locator(".strip")).toHaveCount(0);
  expect(station.connections()).toBe(1);
  // The browser itself reports the refused connection.
  complaints.splice(0);
});

test("a message this page does not understand shows nothing and only reconnects", async ({
  page,
  station,
  complaints,
}) => {
  station.show(sceneOf(pollOf(5)));
  await visit(page, station, "small");
  await expect(page.locator(".lane")).toHaveCount(5);
  station.sendRaw('id: x-1\nevent: poll\ndata: {"kind":"poll","poll":{"question":"<b>?"}}\n\n');
  await expect.poll(() => complaints.join()).toContain("does not understand");
  await expect.poll(() => station.connections()).toBe(1);
  await expect(page.locator(".lane")).toHaveCount(5);
  complaints.splice(0);
});

test("a newcomer takes a badge and taps, also by keyboard", async ({ page, station }) => {
  station.show(sceneOf(pollOf(5), { demo: true }));
  await visit(page, station, "small");
  await page.getByRole("button", { name: "Reader 3" }).click();
  await page.getByText("Ada").click();
  await page.getByRole("button", { name: "Reader 2" }).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => station.taps.map((tap) => tap.slot)).toEqual([3, 2]);
  expect(station.taps[1]?.uid).toBe("000000000000a1");
});

test("a burst of tallies draws fifty lanes at most once a frame, and ends at the newest", async ({ page, station }) => {
  const poll = pollOf(50);
  station.show(sceneOf(poll));
  await visit(page, station, "landscape");
  await expect(page.locator(".lane").first()).toBeVisible();
  await page.evaluate(() => {
    const seen = { frames: 0, drawings: 0 };
    Object.assign(window, { seen });
    const frame = (): void => {
      seen.frames += 1;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    const lanes = document.querySelector(".lanes");
    if (lanes === null) throw new Error("no lanes");
    new MutationObserver(() => (seen.drawings += 1)).observe(lanes, { subtree: true, attributes: true });
  });
  const { counts } = tallyOf(poll);
  const countsAt = (turn: number): number[] => counts.map((n, at) => n + ((turn * 7 + at) % 13));
  for (let turn = 1; turn <= 200; turn++) {
    station.send({
      kind: "tally",
      tally: { poll: poll.id, cursor: 1 + turn, counts: countsAt(turn), provisional: true },
    });
  }
  const lane = page.locator('.lane[data-option="1"]');
  await expect(lane).toHaveAttribute("data-votes", String(countsAt(200)[0]));
  const seen = await page.evaluate<{ frames: number; drawings: number }>("window.seen");
  expect(seen.drawings).toBeGreaterThan(0);
  expect(seen.drawings).toBeLessThanOrEqual(seen.frames + 1);
});
