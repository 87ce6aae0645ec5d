/** What a browser is told not to do on every page and with every answer, and that it does not: tried in a real one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { expect, test } from "../hosts/host.ts";

test.use({ trace: "off" });

const EVERY_ANSWER = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** What is in each policy, whatever else is: nothing from elsewhere, no inline code, no frame around it. */
const POLICY = [/default-src 'none'/, /frame-ancestors 'none'/, /base-uri 'none'/, /form-action 'none'/];

async function expectHeaders(url: string, init: RequestInit, status: number): Promise<void> {
  const stop = new AbortController();
  const reply = await fetch(url, { ...init, signal: stop.signal });
  const what = `${init.method ?? "GET"} ${url}`;
  expect([what, reply.status]).toEqual([what, status]);
  expect({ what, ...Object.fromEntries(reply.headers) }).toMatchObject({ what, ...EVERY_ANSWER });
  const policy = reply.headers.get("content-security-policy") ?? "";
  for (const part of POLICY) expect(`${what}: ${policy}`).toMatch(part);
  expect(policy).not.toMatch(/unsafe|\*|data:|https?:/);
  // A stream of events has no end.
  stop.abort();
}

/** Whatever a page does that it must not, from its first moment on. */
async function watch(page: Page): Promise<{ complaints: string[]; requests: string[] }> {
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  await page.addInitScript(() => {
    const seen: string[] = [];
    Reflect.set(globalThis, "violations", seen);
    document.addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
  });
  return { complaints, requests };
}

/** Code that somebody got into the page is not run, nothing is loaded from elsewhere, and each try is noticed. */
async function tryInjection(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const ran: string[] = [];
    Reflect.set(globalThis, "ran", (what: string) => ran.push(what));
    const put = (html: string) => document.body.insertAdjacentHTML("beforeend", html);
    const script = document.createElement("script");
    script.textContent = "ran('inline script')";
    document.body.append(script);
    put(`<img src="/favicon.ico" onerror="ran('handler')">`);
    put(`<a id="bad" href="javascript:ran('address')">x</a>`);
    document.querySelector<HTMLElement>("#bad")?.click();
    put(`<div style="position: fixed">x</div><iframe src="/"></iframe><object data="/"></object>`);
    const far = document.createElement("script");
    far.src = "https://example.invalid/x.js";
    document.body.append(far);
    const tries = [
      // oxlint-disable-next-line typescript/no-implied-eval -- that it is refused is what is tried
      () => void setTimeout("ran('eval')"),
      () => fetch("https://example.invalid/steal"),
      () => new WebSocket("wss://example.invalid/"),
      () => new Worker("data:text/javascript,1"),
    ];
    // The debugger that runs this may use eval; what a timer runs is the page's own.
    await new Promise((resolve) => setTimeout(resolve));
    for (const attempt of tries) {
      try {
        await attempt();
      } catch {
        // Refused, as it should be; what was not would be in `ran`.
      }
    }
    await new Promise((resolve) => setTimeout(resolve));
    return ran;
  });
}

const BLOCKED = ["script-src-elem", "script-src-attr", "script-src", "style-src-attr", "frame-src", "connect-src"];

async function expectGuarded(page: Page, url: string): Promise<void> {
  const { complaints, requests } = await watch(page);
  await page.goto(url);
  await expect(page.locator("body")).toBeVisible();
  expect(complaints).toEqual([]);
  const { origin } = new URL(url);
  expect(requests.filter((request) => new URL(request).origin !== origin)).toEqual([]);
  expect(await page.evaluate(() => Reflect.get(globalThis, "violations") as unknown)).toEqual([]);
  expect(await tryInjection(page)).toEqual([]);
  await expect
    .poll(() => page.evaluate(() => [...new Set(Reflect.get(globalThis, "violations") as string[])]))
    .toEqual(expect.arrayContaining(BLOCKED));
}

/** A page of another site that puts this one into a frame gets nothing to see. */
async function expectNoFrame(page: Page, url: string): Promise<void> {
  const other = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<iframe src="${url}"></iframe>`);
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const refused = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
  await page.goto(`http://localhost:${(other.address() as AddressInfo).port}`);
  await refused;
  await expect
    .poll(() => page.frames().map((frame) => frame.url()))
    .toEqual([expect.any(String), "chrome-error://chromewebdata/"]);
  other.close();
}

test("every answer of server and station tells a browser what not to do", async ({ server, station }) => {
  const central = await server.start();
  const { url } = await station.start({ server: central.url, demo: true });
  const token = readFileSync(join(central.data, "owner-token"), "utf8").trim();
  const poll = await central.organiser.createPoll({ question: "Tea?", options: ["Yes", "No"], counts: "first" });
  await central.organiser.open(poll.id);
  const api = `${central.url}/api/v1`;
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: "{" };
  for (const [path, status] of [
    [central.url, 404],
    [`${central.url}/healthz`, 200],
    [`${central.url}/openapi.json`, 200],
    [`${central.url}/setup`, 200],
    [`${central.url}/setup/setup.js`, 200],
    [`${central.url}/%ff`, 400],
    [`${api}/stations`, 401],
    [`${api}/polls/${"x".repeat(300)}`, 400],
    [`${api}/polls/${poll.id}/events`, 200],
    [url, 200],
    [`${url}/healthz`, 200],
    [`${url}/events`, 200],
    [`${url}/nowhere`, 404],
    [`${url}/assets/nowhere.js`, 404],
    [`${url}/%ff`, 400],
  ] as const)
    await expectHeaders(path, {}, status);
  await expectHeaders(`${api}/sessions`, post, 400);
  await expectHeaders(`${api}/sessions`, { method: "PUT" }, 405);
  await expectHeaders(`${api}/polls`, { headers: { authorization: `Bearer ${token}` } }, 200);
  await expectHeaders(`${url}/demo/taps`, post, 400);
  await expectHeaders(`${url}/demo/taps`, { method: "POST", body: new Uint8Array(9) }, 415);
});

test("the kiosk page runs only its own code, calls only its own station, and is in nobody's frame", async ({
  server,
  station,
}, testInfo) => {
  test.skip(
    testInfo.project.metadata["host"] !== "headless",
    "Electron's page is under the same policy, behind a cookie",
  );
  const central = await server.start();
  const kiosk = await station.start({ server: central.url, demo: true });
  await expectGuarded(await kiosk.page.context().newPage(), kiosk.url);
  await expectNoFrame(await kiosk.page.context().newPage(), kiosk.url);
});

test("the set-up page runs only its own code, calls only its own server, and is in nobody's frame", async ({
  server,
  station,
}, testInfo) => {
  test.skip(testInfo.project.metadata["host"] !== "headless", "it is for any browser, and not shown by Electron");
  const central = await server.start();
  const kiosk = await station.start({ server: central.url });
  const context = kiosk.page.context();
  await expectGuarded(await context.newPage(), `${central.url}/setup#token`);
  await expectNoFrame(await context.newPage(), `${central.url}/setup`);
});
