import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as v from "valibot";
import { PanelState, type PanelAction } from "../../shared/events/operator.ts";
import type { Journal } from "../../shared/journal/journal.ts";
import type { StationEvents } from "../../shared/journal/station-events.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { createManualClock, type ManualClock } from "../clock.testing.ts";
import type { DeskView } from "../readers/desk-view.ts";
import type { DeskAction, ReadersDesk } from "../readers/desk.ts";
import type { TapPlace } from "../readers/station-readers.ts";
import { createHttp, listenLocally } from "../screen/http.ts";
import { createScreen, type Screen } from "../screen/screen.ts";
import type { Tap } from "../tap/presence.ts";
import { PLAIN_FORMAT } from "../../shared/domain/mapping.ts";
import { openOperator, type OpenOperator } from "./open-operator.ts";
import { openOperatorSettings, setUpOf } from "./open-settings.ts";
import { hashPin } from "./pin-hash.ts";
import { IDLE_MS } from "./sessions.ts";

/** A thousandth of the real work. */
const CHEAP_N = 16;
// This machine's network is not what is tried here.
process.env["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/nowhere/bus";

const root = mkdtempSync(join(tmpdir(), "panel-"));
const pages = join(root, "pages");
for (const folder of ["station", "assets"]) mkdirSync(join(pages, folder), { recursive: true });
writeFileSync(join(pages, "station", "index.html"), "<title>page</title>");
afterAll(() => rmSync(root, { recursive: true, force: true }));

const VIEW: DeskView = {
  readers: [
    {
      id: "serial:a",
      name: "Left",
      kind: "serial",
      port: null,
      state: "present",
      reason: null,
      target: { kind: "slot", slot: 1 },
      format: PLAIN_FORMAT,
      gapMs: 400,
      lastTapAtMs: null,
      lastPresentAtMs: null,
      taps: 0,
      errors: 0,
      flags: [],
      canSignal: false,
      fixed: false,
    },
  ],
  devices: [],
  troubles: [],
  listening: null,
  wizard: null,
  mapping: { revision: 1, conflict: null },
  collisions: 0,
};

/** The readers room, as far as the panel sees it. */
function createDesk() {
  const state = { asked: [] as DeskAction[], lookers: 0, claims: [] as ((tap: Tap, place: TapPlace) => void)[] };
  const desk: ReadersDesk = {
    view: () => VIEW,
    async act(action) {
      state.asked.push(action);
      return action.kind === "remove" ? say("reader-fixed", { flag: "--reader" }) : null;
    },
    onChange() {
      state.lookers++;
      return () => void state.lookers--;
    },
    claimTaps(take) {
      state.claims.push(take);
      return () => void (state.claims = state.claims.filter((other) => other !== take));
    },
    stop: async () => {},
  };
  const tap = (reader: string) => {
    const seen: Tap = { kind: "tap", uid: Uint8Array.of(1, 2, 3, 4), atMs: 0, flags: [] };
    for (const take of state.claims) take(seen, { reader, name: reader, target: null });
  };
  return { ...state, state, desk, tap };
}

type Note = Journal<StationEvents>["note"];
let clock: ManualClock;
let screen: Screen;
let readers: ReturnType<typeof createDesk>;
let operator: OpenOperator;
let http: Awaited<ReturnType<typeof createHttp>>;
let port = 0;
let noted: string[] = [];
let redials = 0;
let dropped: boolean[] = [];
const note: Note = (name, ..._fields) => void noted.push(name);

async function start(directory = mkdtempSync(join(root, "one-")), server: string | null = null) {
  clock = createManualClock();
  readers = createDesk();
  const settings = openOperatorSettings(directory, false, note);
  screen = createScreen("boot", {
    title: "Fair",
    demo: false,
    poll: null,
    tally: null,
    link: { state: "online", safeHere: 0, code: null, reason: null },
    disk: { state: "good", reason: null },
    damage: null,
    branch: null,
    over: false,
    readers: [],
    testing: settings.now().testing,
    setUp: setUpOf(settings, "none"),
    touch: null,
  });
  operator = openOperator({
    directory,
    server,
    settings,
    clock,
    desk: readers.desk,
    screen,
    lfBits: () => 32,
    serverClock: () => null,
    logMs: () => 0,
    event: () => "none",
    versions: () => ({ software: "test", station: "5".repeat(32), event: null }),
    probeDisk: async () => ({ ok: true }),
    onDisk: () => {},
    hashPin: (pin) => hashPin(pin, CHEAP_N),
    onServer: () => void redials++,
    onTesting: (on) => void dropped.push(on),
    note,
  });
  http = await createHttp({
    screen,
    pages,
    watch: { health: () => ({ status: "ok" }), metrics: { read: async () => ({ type: "text/plain", text: "" }) } },
    demoTap: null,
    touched: () => "closed",
    operator,
    setTicker: clock.setTicker,
    token: undefined,
  });
  port = Number(new URL(await listenLocally(http, 0)).port);
  return directory;
}

beforeEach(() => {
  noted = [];
  redials = 0;
  dropped = [];
});
afterEach(async () => {
  operator.stop();
  await http.close();
  // Whatever page was open: nothing keeps the program alive.
  await soon(() => clock.set() === 0);
});

/** On a machine that is busy with other tests, too. */
const soon = (isSo: () => boolean) => vi.waitUntil(isSo, { timeout: 10_000, interval: 10 });

interface Answer {
  status: number | undefined;
  headers: IncomingMessage["headers"];
  body: unknown;
}

function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const json = body === undefined ? {} : { "content-type": "application/json" };
    const asked = request({ port, host: "127.0.0.1", method, path, headers: { ...json, ...headers } }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => {
        const { statusCode: status } = response;
        resolve({ status, headers: response.headers, body: text === "" ? null : JSON.parse(text) });
      });
    });
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
  });
}

async function comeIn(pin = "4711"): Promise<Record<string, string>> {
  const { headers, body } = await ask("POST", "/operator/session", { pin });
  expect(body).toEqual({ state: "in" });
  return { cookie: headers["set-cookie"]?.[0]?.split(";", 1)[0] ?? "" };
}
const act = (action: PanelAction, session: Record<string, string>) => ask("POST", "/operator/actions", action, session);

/** The panel over real HTTP; the last state it was told. */
function look(session: Record<string, string>) {
  const state = { text: "", status: 0, ended: false };
  const asked = request({ port, host: "127.0.0.1", path: "/operator/events", headers: session }, (response) => {
    state.status = response.statusCode ?? 0;
    response.on("data", (chunk: Buffer) => (state.text += chunk.toString()));
    response.on("end", () => void (state.ended = true));
    response.on("error", () => {});
  });
  asked.on("error", () => {});
  asked.end();
  const states = () =>
    [...state.text.matchAll(/^data: (.*)$/gm)].map(([, json = ""]) => v.parse(PanelState, JSON.parse(json)));
  return { state, states, last: () => states().at(-1), leave: () => asked.destroy() };
}

describe("the door", () => {
  test("asks to choose a PIN, gives a cookie that no script and no other site has, and asks the next for it", async () => {
    await start();
    expect(screen.snapshot().setUp).toBe("first-run");
    expect((await ask("GET", "/operator/access")).body).toEqual({ state: "choose" });
    const chosen = await ask("POST", "/operator/session", { pin: "4711" });
    expect([chosen.status, chosen.body]).toEqual([200, { state: "in" }]);
    expect(chosen.headers["set-cookie"]).toEqual([
      expect.stringMatching(/^station-operator=[A-Za-z0-9_-]{43}; Path=\/operator; HttpOnly; SameSite=Strict$/),
    ]);
    expect(chosen.headers["cache-control"]).toBe("no-store");
    expect(screen.snapshot().setUp).toBe("done");
    expect((await ask("GET", "/operator/access")).body).toEqual({ state: "ask", triesLeft: 5 });
    const session = { cookie: chosen.headers["set-cookie"]?.[0]?.split(";", 1)[0] ?? "" };
    expect((await ask("GET", "/operator/access", undefined, session)).body).toEqual({ state: "in" });
    const wrong = await ask("POST", "/operator/session", { pin: "9000" });
    expect([wrong.status, wrong.body, wrong.headers["set-cookie"]]).toEqual([
      200,
      { state: "ask", triesLeft: 4 },
      undefined,
    ]);
    expect(noted).toEqual(["pin.chosen", "operator.entered", "pin.wrong"]);
  });

  test("refuses a PIN that is none, or that many would try first", async () => {
    await start();
    for (const body of ["{", "[]", {}, { pin: "12" }, { pin: 4711 }, { pin: "4711", more: 1 }, { pin: "１２３４" }])
      expect(await ask("POST", "/operator/session", body)).toMatchObject({ status: 400 });
    expect(await ask("POST", "/operator/session", { pin: "1234" })).toMatchObject({
      status: 409,
      body: { code: "weak-pin" },
    });
    expect((await ask("POST", "/operator/session", { pin: "1".repeat(20_000) })).status).toBe(413);
  });

  test("is shut to pages of other origins, of another port too, and to forms", async () => {
    await start();
    const session = await comeIn();
    const action = { kind: "test-mode", on: true };
    for (const origin of ["https://evil.example", "http://127.0.0.1:8080", `https://127.0.0.1:${port}`, "null"]) {
      for (const [method, path, body] of [
        ["GET", "/operator/access", undefined],
        ["GET", "/operator/events", undefined],
        ["POST", "/operator/session", { pin: "4711" }],
        ["POST", "/operator/actions", action],
      ] as const)
        expect((await ask(method, path, body, { ...session, origin })).status).toBe(403);
    }
    expect((await ask("POST", "/operator/actions", action, { ...session, "sec-fetch-site": "same-site" })).status).toBe(
      403,
    );
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const asked = await ask("POST", "/operator/actions", action, { ...session, "content-type": type });
      expect([400, 415]).toContain(asked.status);
    }
    expect((await ask("GET", "/operator/access", undefined, { host: "evil.example" })).status).toBe(421);
    const own = { ...session, origin: `http://127.0.0.1:${port}`, "sec-fetch-site": "same-origin" };
    expect((await ask("POST", "/operator/actions", action, own)).status).toBe(204);
  });

  test("lets nobody act or look without a session, nor with a made-up one", async () => {
    await start();
    await comeIn();
    for (const cookie of [
      "",
      "station-operator=",
      `station-operator=${"A".repeat(43)}`,
      `x-station-operator=${"A".repeat(43)}`,
    ]) {
      expect(await ask("POST", "/operator/actions", { kind: "leave" }, { cookie })).toMatchObject({
        status: 401,
        body: { code: "not-in" },
      });
      expect((await ask("GET", "/operator/events", undefined, { cookie })).status).toBe(401);
    }
    expect([readers.state.asked, readers.state.lookers]).toEqual([[], 0]);
  });
});

describe("the panel", () => {
  test("is told the whole at once, then what changes, ten times a second at most", async () => {
    await start();
    const session = await comeIn();
    const { state, states, last, leave } = look(session);
    await soon(() => states().length === 1);
    expect(last()).toMatchObject({
      title: "Fair",
      server: { address: "http://127.0.0.1:7070", fixed: false, searching: false, found: [] },
      network: { hint: "unknown" },
      readers: VIEW.readers,
      test: null,
      readiness: null,
      lfBits: 32,
    });
    for (let at = 0; at < 50; at++) screen.publish({ kind: "title", title: `Fair ${at}` });
    await soon(() => states().length === 2);
    clock.goOn(100);
    await soon(() => last()?.title === "Fair 49");
    expect(states()).toHaveLength(3);
    clock.goOn(15_000);
    await soon(() => state.text.endsWith(":\n\n"));
    leave();
    await soon(() => readers.state.lookers === 0);
  });

  test("passes on what is for the readers, and says why something was refused", async () => {
    await start();
    const session = await comeIn();
    const listen = { kind: "listen", ask: false, target: null } as const;
    expect((await act(listen, session)).status).toBe(204);
    expect(await act({ kind: "remove", id: "serial:a" }, session)).toMatchObject({
      status: 409,
      body: {
        code: "reader-fixed",
        args: { flag: "--reader" },
        error: expect.stringContaining("Take its --reader away"),
      },
    });
    expect(readers.state.asked).toEqual([listen, { kind: "remove", id: "serial:a" }]);
    for (const body of [
      "{",
      {},
      { kind: "none" },
      { kind: "rename", id: "a", name: "\u0007" },
      { kind: "leave", more: 1 },
    ])
      expect((await ask("POST", "/operator/actions", body, session)).status).toBe(400);
  });

  test("changes the server, at once and for good, unless the command line named it", async () => {
    const directory = await start();
    const session = await comeIn();
    expect(await act({ kind: "set-server", address: "http://votes.example" }, session)).toMatchObject({
      status: 409,
      body: { code: "not-encrypted" },
    });
    expect((await act({ kind: "set-server", address: "votes.example" }, session)).status).toBe(204);
    expect([operator.serverAddress(), redials]).toEqual(["https://votes.example:7070", 1]);
    expect((await act({ kind: "set-server", address: "https://votes.example:7070/" }, session)).status).toBe(204);
    expect(redials).toBe(1);
    operator.stop();
    await http.close();
    await start(directory, "http://127.0.0.1:7999");
    expect(operator.serverAddress()).toBe("http://127.0.0.1:7999");
    expect(await act({ kind: "set-server", address: "votes.example" }, await comeIn())).toMatchObject({
      body: { code: "server-fixed" },
    });
    operator.stop();
    await http.close();
    await start(directory);
    expect(operator.serverAddress()).toBe("https://votes.example:7070");
  });

  test("switches test mode, which outlasts a restart, and counts its taps by answer", async () => {
    const directory = await start();
    const session = await comeIn();
    const options = [{ label: "Tea" }, { label: "Coffee" }];
    const poll = {
      id: "p",
      question: "?",
      options,
      counts: "first",
      upTo: 1,
      state: "open",
      round: 1,
      tagless: false,
    } as const;
    screen.publish({ kind: "poll", poll, tally: null });
    expect((await act({ kind: "test-mode", on: true }, session)).status).toBe(204);
    expect([screen.snapshot().testing, dropped, noted.at(-1)]).toEqual([true, [true], "testing.on"]);
    for (const option of [2, 2, 1]) operator.onTestTap(option);
    const { last } = look(session);
    await soon(() => last() !== undefined);
    expect(last()?.test).toEqual({ taps: 3, counts: [1, 2] });
    screen.publish({ kind: "poll", poll: { ...poll, round: 2 }, tally: null });
    clock.goOn(200);
    await soon(() => last()?.test?.taps === 0);
    operator.stop();
    await http.close();
    await start(directory);
    expect(screen.snapshot().testing).toBe(true);
    expect((await act({ kind: "test-mode", on: false }, await comeIn())).status).toBe(204);
    expect(screen.snapshot().testing).toBe(false);
  });

  test("makes a readiness report whose taps are no votes, and keeps it when it is finished", async () => {
    await start();
    const session = await comeIn();
    expect(await act({ kind: "finish-readiness" }, session)).toMatchObject({ body: { code: "no-report" } });
    await act({ kind: "start-readiness" }, session);
    expect(readers.state.claims).toHaveLength(1);
    for (const reader of ["serial:a", "serial:a", "serial:gone"]) readers.tap(reader);
    const { last } = look(session);
    await soon(() => {
      clock.goOn(100);
      return last()?.readiness?.checks[2]?.word === "good";
    });
    expect(last()?.readiness).toMatchObject({ finishedAtMs: null, readers: [{ id: "serial:a", taps: 2 }] });
    await act({ kind: "finish-readiness" }, session);
    clock.goOn(200);
    await soon(() => last()?.readiness?.finishedAtMs !== null);
    expect(readers.state.claims).toEqual([]);
    expect(last()?.readiness?.checks[0]).toMatchObject({ check: "readers", word: "good" });
  });

  test("does not keep taps from being votes when the operator has gone in the middle of a report", async () => {
    await start();
    const session = await comeIn();
    const { last, leave } = look(session);
    await soon(() => last() !== undefined);
    await act({ kind: "start-readiness" }, session);
    leave();
    await soon(() => readers.state.lookers === 0);
    clock.goOn(9_000);
    expect(readers.state.claims).toHaveLength(1);
    clock.goOn(2_000);
    expect(readers.state.claims).toEqual([]);
  });

  test("nor when a report was begun while no page looked", async () => {
    await start();
    const session = await comeIn();
    await act({ kind: "start-readiness" }, session);
    clock.goOn(11_000);
    expect(readers.state.claims).toEqual([]);
  });

  test("whoever is in with the old PIN is out once another is chosen, but for who chose it", async () => {
    await start();
    const [one, other] = [await comeIn(), await comeIn()];
    expect((await act({ kind: "change-pin", pin: "1234" }, one)).status).toBe(409);
    expect((await act({ kind: "dismiss-conflict" }, other)).status).toBe(204);
    expect((await act({ kind: "change-pin", pin: "8305" }, one)).status).toBe(204);
    expect((await act({ kind: "finish-readiness" }, other)).status).toBe(401);
    expect((await act({ kind: "finish-readiness" }, one)).status).toBe(409);
  });

  test("ends with the visit: by leaving, and after ten minutes in which nothing was done", async () => {
    await start();
    const session = await comeIn();
    const first = look(session);
    await soon(() => first.last() !== undefined);
    expect((await act({ kind: "leave" }, session)).status).toBe(204);
    await soon(() => first.state.ended);
    expect((await act({ kind: "leave" }, session)).status).toBe(401);
    const second = look(await comeIn());
    await soon(() => second.last() !== undefined);
    clock.goOn(IDLE_MS + 1_000);
    await soon(() => second.state.ended);
    expect(noted.filter((name) => name.startsWith("operator."))).toEqual([
      "operator.entered",
      "operator.left",
      "operator.entered",
      "operator.left",
    ]);
  });

  test("is shown on eight pages at once; one more is told so", async () => {
    await start();
    const session = await comeIn();
    const all = Array.from({ length: 8 }, () => look(session));
    await soon(() => all.every(({ last }) => last() !== undefined));
    expect((await ask("GET", "/operator/events", undefined, session)).status).toBe(503);
    for (const { leave } of all) leave();
    await soon(() => readers.state.lookers === 0);
  });
});

test("that the file of what the operator chose was damaged is told in the panel, beside the readers' troubles", async () => {
  const directory = mkdtempSync(join(root, "damaged-"));
  writeFileSync(join(directory, "operator.json"), "{ half");
  await start(directory);
  const { last, leave } = look(await comeIn());
  await soon(() => last() !== undefined);
  expect(last()?.troubles).toEqual([{ kind: null, reason: say("settings-lost", { file: "operator.json.damaged" }) }]);
  leave();
  await soon(() => readers.state.lookers === 0);
});

test("a PIN that was forgotten is reset by the flag, and everything else stays", async () => {
  const directory = await start();
  await act({ kind: "set-server", address: "votes.example" }, await comeIn());
  const settings = openOperatorSettings(directory, true, note);
  expect(settings.now()).toMatchObject({ pin: null, tries: { wrong: 0 }, server: "https://votes.example:7070" });
  expect(noted).toContain("pin.reset");
});
