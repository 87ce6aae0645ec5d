import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { ScreenEvent, type ScreenDisk } from "../../shared/events/stream.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { createManualClock } from "../clock.testing.ts";
import { createDiskWatch } from "./disk-watch.ts";
import { isLocalHost } from "./local-host.ts";
import { createLinkSign } from "./link-sign.ts";
import { createScreen, type Screen } from "./screen.ts";
import { createTurnWrites } from "./turn-writes.ts";
import { linkView, pollView, tallyView } from "./views.ts";

const FULL = say("disk-full", { path: "log.sqlite" });

const FIRST = {
  title: "",
  demo: false,
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
} as const;

const newScreen = (boot = "b00") => createScreen(boot, { ...FIRST, readers: [] });
const title = (text: string) => ({ kind: "title", title: text }) as const;

/** What a looker reads: ids and events, parsed as strictly as the page does. */
function createLooker() {
  const looker = {
    text: "",
    waiting: 0,
    write: (text: string) => void (looker.text += text),
    waitingBytes: () => looker.waiting,
  };
  const events = () =>
    looker.text.split("\n\n").flatMap((block) => {
      const id = /^id: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (id === undefined || data === undefined) return [];
      const event = v.parse(ScreenEvent, JSON.parse(data));
      if (!block.includes(`event: ${event.kind}\n`)) throw new Error("the event has another name than its kind");
      return [{ id, event }];
    });
  return Object.assign(looker, { events, kinds: () => events().map(({ event }) => event.kind) });
}

function lookAt(screen: Screen, lastEventId?: string) {
  const looker = createLooker();
  return { looker, looking: screen.join(looker, lastEventId) };
}

describe("a screen", () => {
  test("gets a snapshot, then changes, with ids that count up", () => {
    const screen = newScreen();
    screen.publish(title("one"));
    const { looker, looking } = lookAt(screen);
    screen.publish(title("two"));
    looking.leave();
    screen.publish(title("three"));
    expect(looker.events()).toEqual([
      { id: "b00-1", event: { kind: "snapshot", ...FIRST, title: "one" } },
      { id: "b00-2", event: { kind: "title", title: "two" } },
    ]);
  });

  test("that comes back with its last id gets just what it missed, at every place that is remembered", () => {
    const screen = newScreen();
    for (let at = 1; at <= 400; at++) screen.publish(title(`${at}`));
    for (const seen of [400, 399, 200, 144]) {
      const { looker } = lookAt(screen, `b00-${seen}`);
      const missed = looker.events().map(({ event }) => event);
      expect(missed).toEqual(Array.from({ length: 400 - seen }, (_, at) => title(`${seen + at + 1}`)));
    }
  });

  test.each(["b00-143", "b00-401", "b01-400", "b00-", "b00-4.5", "", "nonsense", `b00-${"9".repeat(400)}`])(
    "that comes back with %s gets a snapshot",
    (id) => {
      const screen = newScreen();
      for (let at = 1; at <= 400; at++) screen.publish(title(`${at}`));
      const { looker } = lookAt(screen, id);
      expect(looker.events()).toMatchObject([{ id: "b00-400", event: { kind: "snapshot", title: "400" } }]);
    },
  );

  test("that is behind is spared the changes and gets the whole as soon as it has room", () => {
    const screen = newScreen();
    const { looker, looking } = lookAt(screen);
    const other = lookAt(screen);
    looker.waiting = 300_000;
    for (let at = 1; at <= 10; at++) screen.publish(title(`${at}`));
    expect(looker.kinds()).toEqual(["snapshot"]);
    looking.onRoom();
    expect(looker.kinds()).toEqual(["snapshot"]);
    looker.waiting = 0;
    looking.onRoom();
    looking.onRoom();
    expect(looker.events().slice(1)).toMatchObject([{ id: "b00-10", event: { kind: "snapshot", title: "10" } }]);
    screen.publish(title("11"));
    expect(looker.kinds()).toEqual(["snapshot", "snapshot", "title"]);
    expect(other.looker.kinds()).toHaveLength(12);
  });

  test("shows the same as a snapshot, however it followed: changes, gaps, and coming back", () => {
    const change = fc.oneof(
      fc.string({ maxLength: 9 }).map(title),
      fc
        .constantFrom("good" as const, "failing" as const)
        .map((state) => ({ kind: "disk" as const, disk: { state, reason: null } })),
    );
    const step = fc.oneof({ weight: 5, arbitrary: change }, fc.constantFrom("behind", "room", "again"));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const screen = newScreen();
        let { looker, looking } = lookAt(screen);
        const seen: ReturnType<typeof looker.events> = [];
        for (const event of steps) {
          if (event === "behind") looker.waiting = 300_000;
          else if (event === "room") {
            looker.waiting = 0;
            looking.onRoom();
          } else if (event === "again") {
            looking.leave();
            seen.push(...looker.events());
            ({ looker, looking } = lookAt(screen, seen.at(-1)?.id));
          } else if (typeof event !== "string") screen.publish(event);
        }
        looker.waiting = 0;
        looking.onRoom();
        let now: unknown;
        for (const { event } of [...seen, ...looker.events()]) {
          if (event.kind === "snapshot") now = event;
          else if (event.kind === "title") now = Object.assign({}, now, { title: event.title });
          else if (event.kind === "disk") now = Object.assign({}, now, { disk: event.disk });
        }
        expect(now).toEqual(screen.snapshot());
      }),
    );
  });

  test("is one of 64 at most", () => {
    const screen = newScreen();
    const leave = Array.from({ length: 64 }, () => lookAt(screen).looking.leave);
    expect(screen.full()).toBe(true);
    leave[0]?.();
    expect(screen.full()).toBe(false);
  });
});

describe("the disk on the screen", () => {
  /** As it comes from the log's thread: each time another object. */
  const full = () => structuredClone(FULL);
  function watch(answers: boolean[]) {
    const clock = createManualClock();
    const told: ScreenDisk["state"][] = [];
    const disk = createDiskWatch({
      probe: () => Promise.resolve((answers.shift() ?? true) ? { ok: true } : { ok: false, reason: full() }),
      setTimer: clock.setTimer,
      onDisk: ({ state }) => void told.push(state),
    });
    const later = async () => {
      clock.goOn(3_000);
      await Promise.resolve();
      await Promise.resolve();
    };
    return { clock, told, disk, later };
  }

  test("is told once, looked at again by itself, and told when it is good again", async () => {
    const { told, disk, later, clock } = watch([false, true]);
    disk.heard({ state: "failing", reason: full() });
    disk.heard({ state: "failing", reason: full() });
    expect(told).toEqual(["failing"]);
    expect(clock.set()).toBe(1);
    await later();
    expect(disk.failing()).toBe(true);
    await later();
    expect(told).toEqual(["failing", "good"]);
    expect(clock.set()).toBe(0);
  });

  test("is not looked at any more after the station stopped, also not by a look that was under way", async () => {
    const { told, disk, later, clock } = watch([false]);
    disk.heard({ state: "failing", reason: FULL });
    clock.goOn(3_000);
    disk.stop();
    await later();
    expect(told).toEqual(["failing"]);
    expect(clock.set()).toBe(0);
  });
});

test("only names of this machine are local", () => {
  for (const host of ["localhost", "LOCALHOST:7071", "127.0.0.1:1", "[::1]:65535"])
    expect(isLocalHost(host)).toBe(true);
  for (const host of [undefined, "", "evil.example", "localhost.evil", "127.0.0.1.evil:80", "127.0.0.2", "localhost:x"])
    expect(isLocalHost(host)).toBe(false);
});

test("before anything is known the screen shows nothing, and a code or reason only where it belongs", () => {
  expect([pollView(undefined), tallyView(undefined, false)]).toEqual([null, null]);
  expect(linkView({ state: "enrolling", code: "A" }, 2)).toEqual({
    state: "enrolling",
    safeHere: 2,
    code: "A",
    reason: null,
  });
  expect(linkView({ state: "refused", reason: FULL }, 0)).toMatchObject({ code: null, reason: FULL });
});

describe("what a looker is written in one turn of the loop", () => {
  test("leaves in one write, in order, at the turn's end", () => {
    const written: string[] = [];
    const ends: (() => void)[] = [];
    const turn = createTurnWrites(
      (text) => void written.push(text),
      (run) => void ends.push(run),
    );
    turn.write("a");
    turn.write("b");
    expect([written, turn.waiting(), ends.length]).toEqual([[], 2, 1]);
    ends.shift()?.();
    turn.write("c");
    expect([written, turn.waiting(), ends.length]).toEqual([["ab"], 1, 1]);
    turn.stop();
    ends.shift()?.();
    turn.write("d");
    expect([written, turn.waiting(), ends.length]).toEqual([["ab"], 0, 0]);
  });
});

test("a branch and the end of the event are part of the snapshot of whoever comes later", () => {
  const screen = newScreen();
  screen.publish({ kind: "branch", branch: "aside" });
  screen.publish({ kind: "over", over: true });
  expect(lookAt(screen).looker.events()).toMatchObject([{ event: { kind: "snapshot", branch: "aside", over: true } }]);
});

test("a revoked station says so through every loss of the link, until a server takes it in", () => {
  const told: string[] = [];
  const clock = createManualClock();
  const sign = createLinkSign({ safeHere: () => 3, setTimer: clock.setTimer, onLink: ({ state }) => told.push(state) });
  sign.show({ state: "online" });
  sign.revoked();
  sign.show({ state: "offline" });
  sign.show({ state: "refused", reason: FULL });
  expect(sign.isRevoked()).toBe(true);
  sign.show({ state: "online" });
  expect(told).toEqual(["online", "revoked", "online"]);
  expect(sign.isRevoked()).toBe(false);
});
