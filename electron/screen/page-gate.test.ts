import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { NO_OPERATOR } from "../operator/operator.testing.ts";
import { createHttp, listenLocally } from "./http.ts";
import { createPageGate } from "./page-gate.ts";
import { createScreen } from "./screen.ts";

const TOKEN = "dG9rZW4tb2YtdGhpcy1ydW4";
const COOKIE = `station-page=${TOKEN}`;
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** The local server with real HTTP before it. */
async function start(token: string | undefined) {
  const pages = mkdtempSync(join(tmpdir(), "pages-"));
  for (const folder of ["station", "assets"]) mkdirSync(join(pages, folder));
  writeFileSync(join(pages, "station", "index.html"), "<title>page</title>");
  writeFileSync(join(pages, "assets", "a.js"), "1");
  const taps: (number | null)[] = [];
  const http = await createHttp({
    screen: createScreen("boot", {
      title: "",
      demo: true,
      poll: null,
      tally: null,
      link: { state: "connecting", safeHere: 0, code: null, reason: null },
      disk: { state: "good", reason: null },
      damage: null,
      branch: null,
      over: false,
      readers: [],
      testing: false,
      setUp: "done",
      touch: null,
    }),
    pages,
    token,
    operator: NO_OPERATOR,
    setTicker: () => () => {},
    watch: {
      health: () => ({ status: "ok" }),
      metrics: { read: async () => ({ type: "text/plain", text: "" }) },
    },
    demoTap: ({ slot }) => taps.push(slot),
    touched: () => "taken",
  });
  const url = await listenLocally(http, 0);
  open.push(
    () => http.close(),
    async () => rmSync(pages, { recursive: true }),
  );
  const ask = (path: string, init: RequestInit = {}) => fetch(url + path, { redirect: "manual", ...init });
  return { ask, taps };
}

const TAP: RequestInit = { method: "POST", body: '{"slot":1,"uid":"0a0b0c0d"}' };
const json = { "content-type": "application/json" };

describe("with a token", () => {
  test("the token is exchanged for a cookie that scripts and other sites cannot use, and leaves the address", async () => {
    const { ask } = await start(TOKEN);
    const reply = await ask(`/?token=${TOKEN}`);
    expect(reply.status).toBe(303);
    expect(reply.headers.get("location")).toBe("/");
    expect(reply.headers.get("set-cookie")).toBe(`${COOKIE}; Path=/; HttpOnly; SameSite=Strict`);
    expect(reply.headers.get("cache-control")).toBe("no-store");
    const [cookie = ""] = reply.headers.getSetCookie()[0]?.split(";") ?? [];
    for (const path of ["/", "/assets/a.js"]) expect((await ask(path, { headers: { cookie } })).status).toBe(200);
  });

  test("the page's own requests pass with the cookie: events, assets and virtual taps", async () => {
    const { ask, taps } = await start(TOKEN);
    const headers = { cookie: `theme=dark; ${COOKIE}` };
    const stop = new AbortController();
    const stream = await ask("/events", { headers, signal: stop.signal });
    expect(stream.status).toBe(200);
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    stop.abort();
    expect((await ask("/demo/taps", { ...TAP, headers: { ...json, ...headers } })).status).toBe(202);
    expect(taps).toEqual([1]);
  });

  test.each(["/", "/events", "/assets/a.js", "/nowhere", "/?token=", "/?token=wrong", `/events?token=${TOKEN}`, "//"])(
    "%s without the cookie is refused",
    async (path) => {
      const { ask } = await start(TOKEN);
      const reply = await ask(path);
      expect(reply.status).toBe(403);
      expect(reply.headers.get("set-cookie")).toBeNull();
    },
  );

  test("a tap without the cookie, or with a wrong one, does not reach the station", async () => {
    const { ask, taps } = await start(TOKEN);
    for (const cookie of ["", "station-page=", "station-page=wrong", `other=${TOKEN}`, `station-page=${TOKEN}x`]) {
      expect((await ask("/demo/taps", { ...TAP, headers: { ...json, cookie } })).status).toBe(403);
    }
    expect(taps).toEqual([]);
  });

  test("whoever watches the computer still gets the health, and nothing else by a name like it", async () => {
    const { ask } = await start(TOKEN);
    expect((await ask("/healthz")).status).toBe(200);
    expect((await ask("/healthz?whatever")).status).toBe(200);
    const judge = createPageGate(TOKEN);
    for (const url of ["/healthz/x", "/healthz/../events", "/events/../healthz", "/healthz%2f..", "//healthz"]) {
      expect(judge({ method: "GET", url, cookie: undefined }).kind).toBe("refuse");
    }
  });

  test("the token is taken in no other way than opening the page", () => {
    const judge = createPageGate(TOKEN);
    expect(judge({ method: "POST", url: `/?token=${TOKEN}`, cookie: undefined }).kind).toBe("refuse");
    expect(judge({ method: "GET", url: `/station/?token=${TOKEN}`, cookie: undefined }).kind).toBe("refuse");
  });
});

test("without a token any page on this computer may ask", async () => {
  const { ask } = await start(undefined);
  expect((await ask("/")).status).toBe(200);
  expect((await ask("/assets/a.js")).status).toBe(200);
});
