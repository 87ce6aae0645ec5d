/** What does not fit on the page, in words; an empty list when all does. */
import type { Page } from "@playwright/test";

export async function findMisfits(page: Page): Promise<string[]> {
  // Fonts change every width; the page arranges itself anew when they are there.
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  return page.evaluate(() => {
    const misfits: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) misfits.push("the page scrolls");
    const rect = (element: Element): DOMRect => element.getBoundingClientRect();
    const inside = (what: string, inner: Element, outer: Element, slackPx = 1): void => {
      const [a, b] = [rect(inner), rect(outer)];
      const out = Math.max(b.left - a.left, a.right - b.right, b.top - a.top, a.bottom - b.bottom);
      if (out > slackPx) misfits.push(`${what} sticks out by ${out.toFixed(1)} px`);
    };
    const clipped = (what: string, element: Element): void => {
      // A line is lower than its letters are tall; only what hides its overflow must have room for their tails.
      const { overflowY, fontSize } = getComputedStyle(element);
      const slackPx = overflowY === "visible" ? parseFloat(fontSize) * 0.2 : 1;
      if (element.scrollHeight > element.clientHeight + slackPx) misfits.push(`${what} is cut at the bottom`);
      if (element.scrollWidth > element.clientWidth + 1) misfits.push(`${what} is cut at the side`);
    };
    const stage = document.querySelector(".stage");
    const region = document.querySelector(".region");
    if (stage === null || region === null) return ["no stage"];
    clipped("the stage", stage);
    for (const part of stage.children) inside(part.className, part, stage);
    for (const part of document.querySelectorAll("h1, .how, .notice, .pager, .status, .mark, .round")) {
      inside(part.className || part.tagName, part, stage);
      if (!part.matches(".status")) clipped(part.className || part.tagName, part);
    }
    const eyebrow = [...(document.querySelector(".eyebrow")?.children ?? [])].map(rect);
    for (const [at, a] of eyebrow.entries()) {
      for (const b of eyebrow.slice(at + 1)) {
        const beside = a.right <= b.left + 1 || b.right <= a.left + 1;
        if (!beside && a.top < b.bottom - 1 && b.top < a.bottom - 1)
          misfits.push("the line above the question overlaps itself");
      }
    }
    for (const span of document.querySelectorAll(".strip span")) clipped("a strip", span);
    for (const lane of document.querySelectorAll(".lane")) {
      const name = `lane ${lane.getAttribute("data-option")}`;
      inside(name, lane, region);
      const { height } = rect(lane);
      if (height < 64) misfits.push(`${name} is only ${height.toFixed(0)} px high`);
      for (const part of lane.querySelectorAll(".chip, .label, .count, .stamp, .count b, .count small")) {
        inside(`${name} ${part.className || part.tagName}`, part, lane);
      }
      for (const part of lane.querySelectorAll(".label, .count, .stamp")) clipped(`${name} ${part.className}`, part);
      const chip = lane.querySelector(".chip");
      if (chip !== null && rect(chip).width < 44) misfits.push(`${name} has a chip of ${rect(chip).width} px`);
      const label = lane.querySelector(".label");
      if (label !== null && parseFloat(getComputedStyle(label).fontSize) < 15) misfits.push(`${name} has a tiny label`);
      const count = lane.querySelector(".count");
      if (label !== null && count !== null) {
        const [a, b] = [rect(label), rect(count)];
        if (a.left < b.right && b.left < a.right) misfits.push(`${name}: the count covers the label`);
      }
    }
    return misfits;
  });
}
