import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { DemoTap, Touch } from "../../shared/events/stream.ts";
import { say } from "../../shared/sentences/sentence.ts";
import type { TouchAnswer } from "../ballot/touch-votes.ts";
import { createManualClock } from "../clock.testing.ts";
import { NO_OPERATOR } from "../operator/operator.testing.ts";
import { createHttp, listenLocally, type HttpSurroundings } from "./http.ts";
import { createScreen, type Screen } from "./screen.ts";

const pages = mkdtempSync(join(tmpdir(), "pages-"));
const clock = createManualClock();
const taps: DemoTap[] = [];
const touches: Touch[] = [];
let touchAnswer: TouchAnswer = "taken";
let screen: Screen;
let http: Awaited<ReturnType<typeof createHttp>>;
let port = 0;
let status: "ok" | "failing" = "ok";

const newScreen = () =>
  createScreen("b00", {
    title: "Fair",
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
  });

const around = (more: Partial<HttpSurroundings> = {}): HttpSurroundings => ({
  screen,
  pages,
  watch: { health: () => ({ status }), metrics: { read: async () => ({ type: "text/plain", text: "" }) } },
  demoTap: (tap) => void taps.push(tap),
  touched: (touch) => {
    touches.push(touch);
    return touchAnswer;
  },
  operator: NO_OPERATOR,
  setTicker: clock.setTicker,
  token: undefined,
  ...more,
});

beforeAll(async () => {
  mkdirSync(join(pages, "station"));
  mkdirSync(join(pages, "assets"));
  writeFileSync(join(pages, "station", "index.html"), "<!doctype html><title>kiosk</title>");
  writeFileSync(join(pages, "assets", "page-abc123.js"), "export {};");
  writeFileSync(join(pages, "secret.txt"), "secret");
  screen = newScreen();
  http = await createHttp(around());
  port = Number(new URL(await listenLocally(http, 0)).port);
});
beforeEach(() => {
  taps.length = 0;
  touches.length = 0;
  touchAnswer = "taken";
  status = "ok";
});
afterAll(async () => {
  await http.close();
  rmSync(pages, { recursive: true });
});

interface Answer {
  status: number | undefined;
  headers: IncomingMessage["headers"];
  body: string;
}

/** One request with exactly these headers. */
function ask(path: string, { method = "GET", headers = {}, body = "" } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", path, method, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: text }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** A screen over real HTTP. */
function look(headers: Record<string, string> = {}) {
  const answered = Promise.withResolvers<IncomingMessage>();
  const state = { text: "" };
  const asked = request({ port, host: "127.0.0.1", path: "/events", headers }, (response) => {
    response.on("data", (chunk: Buffer) => (state.text += chunk.toString()));
    response.on("error", () => {});
    answered.resolve(response);
  });
  asked.on("error", () => {});
  asked.end();
  return { state, answered: answered.promise, leave: () => asked.destroy() };
}

describe("the station's pages", () => {
  test("are served with a policy that lets in nothing else, and the page itself is never kept", async () => {
    const { status: code, headers, body } = await ask("/");
    expect(code).toBe(200);
    expect(body).toContain("<title>kiosk</title>");
    expect(headers["content-type"]).toContain("text/html");
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["content-security-policy"]).toMatch(/default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  test("name assets by their hash, which may be kept for ever", async () => {
    const { headers, body } = await ask("/assets/page-abc123.js");
    expect(body).toBe("export {};");
    expect(headers["cache-control"]).toContain("immutable");
  });

  test.each([
    "/nothing",
    "/assets/nothing.js",
    "/assets/../secret.txt",
    "/assets/%2e%2e/secret.txt",
    "/station/index.html",
    "//",
  ])("%s is not there", async (path) => {
    const { status: code, body } = await ask(path);
    expect([400, 403, 404]).toContain(code);
    expect(body).not.toContain("secret\n");
    expect(body).not.toBe("secret");
  });

  test.each(["evil.example", "127.0.0.1.evil.example", "192.168.1.5:7071"])(
    "are refused to who asks for %s",
    async (host) => {
      for (const path of ["/", "/events", "/healthz", "/assets/page-abc123.js", "/nothing"])
        expect((await ask(path, { headers: { host } })).status).toBe(421);
    },
  );

  test("that were not built are named with the remedy", async () => {
    await expect(createHttp(around({ pages: join(pages, "none") }))).rejects.toMatchObject({
      code: "no-page",
      message: expect.stringContaining("npm run build:pages"),
    });
  });

  test("on a port that is taken are refused with the remedy", async () => {
    const second = await createHttp(around());
    await expect(listenLocally(second, port)).rejects.toMatchObject({
      code: "port-in-use",
      message: expect.stringContaining("--port"),
    });
    await second.close();
  });
});

test("health is bad while the disk is", async () => {
  expect(await ask("/healthz")).toMatchObject({ status: 200, body: '{"status":"ok"}' });
  status = "failing";
  expect(await ask("/healthz")).toMatchObject({ status: 503, body: '{"status":"failing"}' });
});

describe("a virtual tap", () => {
  const post = (body: string, type = "application/json") =>
    ask("/demo/taps", { method: "POST", body, headers: { "content-type": type, "content-length": `${body.length}` } });

  test("is taken", async () => {
    expect((await post('{"slot":2,"uid":"01AB23CD"}')).status).toBe(202);
    expect((await post('{"slot":null,"uid":"01AB23CD"}')).status).toBe(202);
    expect(taps).toEqual([
      { slot: 2, uid: "01AB23CD" },
      { slot: null, uid: "01AB23CD" },
    ]);
  });

  test.each([
    ["{", 400],
    ["[]", 400],
    ['{"slot":0,"uid":"01AB23CD"}', 400],
    ['{"slot":51,"uid":"01AB23CD"}', 400],
    ['{"slot":1,"uid":"xyz"}', 400],
    ['{"slot":1,"uid":"01AB23"}', 400],
    ['{"slot":1,"uid":"01AB23CD","more":1}', 400],
    [`{"slot":1,"uid":"${"0".repeat(2_000)}"}`, 413],
  ])("that is none (%s) is refused", async (body, code) => {
    expect((await post(body)).status).toBe(code);
    expect(taps).toEqual([]);
  });

  test("as a page of the wide web could send it without asking is refused", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
      expect([400, 415]).toContain((await post('{"slot":2,"uid":"01AB23CD"}', type)).status);
    expect(taps).toEqual([]);
  });

  test("is not there outside of demo mode", async () => {
    const plain = await createHttp(around({ demoTap: null }));
    const answer = await plain.inject({
      method: "POST",
      url: "/demo/taps",
      headers: { host: "localhost" },
      payload: {},
    });
    expect(answer.statusCode).toBe(404);
    await plain.close();
  });
});

describe("a touch", () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    ask("/touches", {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "content-length": `${body.length}`, ...headers },
    });
  const TOUCH = '{"poll":"p1","option":2}';

  test("of the station's own page is taken", async () => {
    const own = { origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, "sec-fetch-site": "same-origin" };
    expect((await post(TOUCH, own)).status).toBe(202);
    expect(touches).toEqual([{ poll: "p1", option: 2 }]);
  });

  test.each([
    ["closed", 409],
    ["too-many", 429],
  ] as const)("that is %s is answered with its reason", async (answer, code) => {
    touchAnswer = answer;
    const { status: got, body } = await post(TOUCH);
    expect(got).toBe(code);
    expect(JSON.parse(body)).toEqual({ error: expect.stringMatching(/\w\.$/) });
  });

  test.each([
    ["{", 400],
    ['{"poll":"","option":1}', 400],
    ['{"poll":"p","option":0}', 400],
    ['{"poll":"p","option":51}', 400],
    ['{"poll":"p","option":1,"more":1}', 400],
    [`{"poll":"${"p".repeat(2_000)}","option":1}`, 413],
  ])("that is none (%s) is refused", async (body, code) => {
    expect((await post(body)).status).toBe(code);
    expect(touches).toEqual([]);
  });

  test.each([
    ["another origin", { origin: "https://evil.example" }],
    ["another port of this computer", { origin: "http://127.0.0.1:1" }],
    ["a frame without an origin", { origin: "null" }],
    ["another site, by what the browser says", { "sec-fetch-site": "cross-site" }],
    ["another port, by what the browser says", { "sec-fetch-site": "same-site" }],
  ])("sent by a page of %s is refused, and so is a virtual tap", async (_, headers) => {
    expect((await post(TOUCH, headers)).status).toBe(403);
    const tap = '{"slot":2,"uid":"01AB23CD"}';
    const tapped = { "content-type": "application/json", "content-length": `${tap.length}`, ...headers };
    expect((await ask("/demo/taps", { method: "POST", body: tap, headers: tapped })).status).toBe(403);
    expect([touches, taps]).toEqual([[], []]);
  });

  test("as a form of any page could send it is refused", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
      expect((await post(TOUCH, { "content-type": type })).status).toBe(415);
    expect(touches).toEqual([]);
  });
});

describe("the event stream", () => {
  test("begins with a snapshot, goes on with changes and signs of life, and ends with who looked", async () => {
    const { state, answered, leave } = look();
    const { headers } = await answered;
    expect(headers).toMatchObject({ "content-type": "text/event-stream", "cache-control": "no-store" });
    await vi.waitUntil(() => state.text.endsWith("\n\n"));
    expect(state.text).toMatch(/^id: b00-\d+\nevent: snapshot\ndata: \{"kind":"snapshot","title":"Fair"/);
    screen.publish({ kind: "title", title: "Fair II" });
    await vi.waitUntil(() => state.text.includes('event: title\ndata: {"kind":"title","title":"Fair II"}\n\n'));
    clock.goOn(15_000);
    await vi.waitUntil(() => state.text.endsWith(":\n\n"));
    leave();
    await vi.waitUntil(() => clock.set() === 0);
  });

  test("brings what happens in one turn of the loop in one piece, in order", async () => {
    const { state, answered, leave } = look();
    const response = await answered;
    await vi.waitUntil(() => state.text.includes("snapshot"));
    const pieces: string[] = [];
    response.on("data", (chunk: Buffer) => pieces.push(chunk.toString()));
    for (let at = 0; at < 50; at++) screen.publish({ kind: "title", title: `turn ${at}` });
    await vi.waitUntil(() => state.text.includes("turn 49"));
    expect(pieces).toHaveLength(1);
    const ids = [...(pieces[0] ?? "").matchAll(/^id: b00-(\d+)$/gm)].map(([, id]) => Number(id));
    expect(ids).toEqual(Array.from({ length: 50 }, (_, at) => (ids[0] ?? 0) + at));
    leave();
    await vi.waitUntil(() => clock.set() === 0);
  });

  test("goes on after the last id that the browser names", async () => {
    screen.publish({ kind: "title", title: "A" });
    const first = look();
    await vi.waitUntil(() => first.state.text.includes("snapshot"));
    const id = /^id: (.*)$/m.exec(first.state.text)?.[1] ?? "";
    first.leave();
    screen.publish({ kind: "title", title: "B" });
    const again = look({ "last-event-id": id });
    await vi.waitUntil(() => again.state.text.includes('"title":"B"'));
    expect(again.state.text).not.toContain("snapshot");
    const other = look({ "last-event-id": "other-1" });
    await vi.waitUntil(() => other.state.text.includes("snapshot"));
    again.leave();
    other.leave();
    await vi.waitUntil(() => clock.set() === 0);
  });

  test("is for 64 screens at once; one more is told so, and there is room again when one leaves", async () => {
    const lookers = Array.from({ length: 64 }, () => look());
    await Promise.all(lookers.map(({ answered }) => answered));
    expect(await ask("/events")).toMatchObject({ status: 503, body: expect.stringContaining("Too many screens") });
    lookers[0]?.leave();
    await vi.waitUntil(() => !screen.full());
    for (const { leave } of lookers) leave();
    await vi.waitUntil(() => clock.set() === 0);
  });

  test("a screen that stops reading gets the whole again when it reads on, also if nothing happens then", async () => {
    const { answered, state, leave } = look();
    const response = await answered;
    await vi.waitUntil(() => state.text.includes("snapshot"));
    response.pause();
    const path = "x".repeat(190);
    for (let at = 0; at < 60_000; at++) {
      screen.publish({ kind: "disk", disk: { state: "failing", reason: say("disk-full", { path: `${at} ${path}` }) } });
      if (at % 2_000 === 0) await new Promise((resolve) => void setImmediate(resolve));
    }
    screen.publish({ kind: "title", title: "last" });
    response.resume();
    await vi.waitUntil(() => /"title":"last"/.test(state.text.slice(-2_000)), { timeout: 10_000 });
    expect(state.text.length).toBeLessThan(60_000 * path.length);
    leave();
    await vi.waitUntil(() => clock.set() === 0);
  });

  test("ends with the station", async () => {
    const own = await createHttp(around());
    const address = await listenLocally(own, 0);
    const stream = await fetch(`${address}/events`);
    const reader = stream.body?.getReader();
    await reader?.read();
    await own.close();
    await expect(
      (async () => {
        for (;;) if ((await reader?.read())?.done !== false) return;
      })(),
    ).rejects.toThrow("terminated");
  });
});
