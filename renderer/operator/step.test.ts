import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PanelState } from "../../shared/events/operator.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { aPanel, aReader, listening, NOW_MS } from "./panel.testing.ts";
import { awaitsPlace, PAGE_AT_START, step } from "./step.ts";
import type { PageEffect, PageEvent, PageState } from "./step.ts";

const ONE = { kind: "slot", slot: 1 } as const;
const TWO = { kind: "slot", slot: 2 } as const;
const DEVICE: PanelState["devices"][number] = {
  id: "b",
  name: "Serial line",
  kind: "serial",
  port: "USB 1-1",
  trouble: null,
  listening: null,
  found: null,
};
const READERS = [aReader("a", { target: ONE }), aReader("b"), aReader("c")];

/** Runs events, and tells the page they end at and everything it asked for on the way. */
function play(...events: readonly PageEvent[]): { page: PageState; effects: readonly PageEffect[] } {
  let page = PAGE_AT_START;
  const effects: PageEffect[] = [];
  for (const event of events) {
    const [next, ...asked] = step(page, event);
    page = next;
    effects.push(...asked);
  }
  return { page, effects };
}

const news = (change: Partial<PanelState> = {}): PageEvent => ({
  kind: "news",
  state: aPanel({ readers: READERS, ...change }),
  atMs: 0,
});
const IN: PageEvent = { kind: "access", access: { state: "in" } };
const acts = (effects: readonly PageEffect[]) =>
  effects.flatMap((effect) => (effect.kind === "act" ? [effect.action] : []));
const heard = (id: string, atMs = NOW_MS) => ({ id, name: `Reader ${id}`, atMs, inUse: true });

describe("coming in", () => {
  test("the line is opened once the PIN was right, and only once", () => {
    expect(play(IN, IN).effects).toEqual([{ kind: "open-line" }]);
  });
  test("a line that goes asks whether the visit is over", () => {
    expect(play(IN, news(), { kind: "line", line: "lost" }).effects.at(-1)).toEqual({ kind: "ask-access" });
  });
  test("a visit that is over shows nothing of itself to whoever comes next", () => {
    const ask = { state: "ask", triesLeft: 5 } as const;
    const { page, effects } = play(IN, news(), { kind: "touch-reader", id: "a" }, { kind: "access", access: ask });
    expect(page).toEqual({ ...PAGE_AT_START, access: ask });
    expect(effects.at(-1)).toEqual({ kind: "close-line" });
  });
  test("a station that is away for a moment does not end the visit", () => {
    const { page } = play(IN, news(), { kind: "access", access: { state: "away" } });
    expect(page.access.state).toBe("in");
    expect(page.told).not.toBeNull();
  });
});

describe("the way through setting up", () => {
  test("a new kiosk begins with the first step that is open", () => {
    const { page } = play(
      IN,
      news({ readers: [], link: { state: "enrolling", safeHere: 0, code: "A", reason: null } }),
    );
    expect([page.onPath, page.room]).toEqual([true, "admit"]);
  });
  test("a kiosk with readers in their places begins at the board", () => {
    expect(play(IN, news()).page).toMatchObject({ onPath: false, room: "readers" });
  });
  test("it goes on by itself once the kiosk is admitted", () => {
    const waits = news({ readers: [], link: { state: "enrolling", safeHere: 0, code: "A", reason: null } });
    expect(play(IN, waits, news({ readers: [] })).page.room).toBe("readers");
  });
  test("it goes on by itself once the server answers", () => {
    const enrolling = { state: "enrolling", safeHere: 0, code: "A", reason: null } as const;
    const asking = news({ readers: [], link: enrolling, server: { ...aPanel().server, probe: "unknown" } });
    const { page } = play(IN, asking, news({ readers: [], link: enrolling }));
    expect(page.room).toBe("admit");
  });
  test("off the path nobody is moved to another room", () => {
    const away = news({ link: { state: "offline", safeHere: 0, code: null, reason: null } });
    expect(play(IN, away, { kind: "go", room: "admit" }, news()).page.room).toBe("admit");
  });
  test("every step can be left for later, and after the last the path is behind us", () => {
    const rooms: string[] = [];
    let page = play(IN, news({ readers: [] }), { kind: "begin-path" }).page;
    for (let i = 0; i < 4; i++) {
      rooms.push(page.room);
      [page] = step(page, { kind: "next" });
    }
    expect(rooms).toEqual(["server", "admit", "readers", "check"]);
    expect(page).toMatchObject({ onPath: false, room: "readers" });
  });
});

describe("the board", () => {
  test("a reader in hand goes where the operator touches, and the hand is empty then", () => {
    const { page, effects } = play(IN, news(), { kind: "touch-reader", id: "b" }, { kind: "touch-place", target: TWO });
    expect(acts(effects)).toEqual([{ kind: "assign", id: "b", target: TWO }]);
    expect(page.hand).toBeNull();
  });
  test("touching one reader, then another, swaps them", () => {
    const { effects } = play(IN, news(), { kind: "touch-reader", id: "a" }, { kind: "touch-reader", id: "b" });
    expect(acts(effects)).toEqual([{ kind: "swap", a: "a", b: "b" }]);
  });
  test("touching the same reader twice does nothing", () => {
    const { page, effects } = play(IN, news(), { kind: "touch-reader", id: "a" }, { kind: "touch-reader", id: "a" });
    expect([page.hand, acts(effects)]).toEqual([null, []]);
  });
  test("a reader that is taken away is no longer in hand, nor is its sheet open", () => {
    const taken = play(IN, news(), { kind: "touch-reader", id: "b" }, news({ readers: [READERS[0] ?? aReader("a")] }));
    expect(taken.page.hand).toBeNull();
    const sheet: PageEvent = { kind: "open-sheet", sheet: { id: "b", part: "settings" } };
    expect(play(IN, news(), sheet, news({ readers: [] })).page.sheet).toBeNull();
    // It is a device again, by the same id.
    expect(play(IN, news(), sheet, news({ readers: [], devices: [DEVICE] })).page.sheet).toBeNull();
  });
  test("putting a reader nowhere unassigns it", () => {
    const { effects } = play(IN, news(), { kind: "touch-reader", id: "a" }, { kind: "touch-place", target: null });
    expect(acts(effects)).toEqual([{ kind: "assign", id: "a", target: null }]);
  });
  test("leaving the board ends the listening, which would swallow votes", () => {
    const { effects } = play(IN, news({ listening: listening() }), { kind: "go", room: "check" });
    expect(acts(effects)).toEqual([{ kind: "stop-listening" }]);
  });
  test("closing the wizard's sheet ends the wizard", () => {
    const wizard = { readers: ["a", "b"], seen: [true, false], result: null } satisfies PanelState["wizard"];
    expect(acts(play(IN, news({ wizard }), { kind: "close-sheet" }).effects)).toEqual([{ kind: "stop-wizard" }]);
  });
});

describe("tap to assign", () => {
  test("tap first: the next touch is for the reader that saw the tag", () => {
    const { effects } = play(IN, news({ listening: listening({ heard: heard("b") }) }), {
      kind: "touch-place",
      target: TWO,
    });
    expect(acts(effects)).toEqual([{ kind: "assign", id: "b", target: TWO }]);
  });
  test("touch first: it listens for that answer", () => {
    const { effects } = play(IN, news(), { kind: "touch-place", target: TWO });
    expect(acts(effects)).toEqual([{ kind: "listen", ask: false, target: TWO }]);
  });
  test("a reader that found its place by a tap is not moved by the next touch", () => {
    const { effects } = play(
      IN,
      news({ listening: listening({ target: TWO }) }),
      // The same answer as before: nothing on the board moved, and yet its tap is used up.
      news({ listening: listening({ heard: heard("a") }) }),
      { kind: "touch-place", target: TWO },
    );
    expect(acts(effects)).toEqual([{ kind: "listen", ask: false, target: TWO }]);
  });
  test("a tag that still lies on a reader just assigned does not ask for a place again", () => {
    const { page, effects } = play(
      IN,
      news({ listening: listening({ heard: heard("b") }) }),
      { kind: "touch-place", target: TWO },
      news({ listening: listening({ heard: heard("b", NOW_MS + 1_000) }) }),
      { kind: "touch-place", target: ONE },
    );
    expect(acts(effects).map(({ kind }) => kind)).toEqual(["assign", "listen"]);
    expect(awaitsPlace(page)).toBeNull();
  });
  test("the same reader tapped anew, later, waits for a place again", () => {
    const { page } = play(
      IN,
      news({ listening: listening({ heard: heard("b") }) }),
      { kind: "touch-place", target: TWO },
      news({ listening: listening({ heard: heard("b", NOW_MS + 5_000) }) }),
    );
    expect(awaitsPlace(page)?.id).toBe("b");
  });
  test("an assignment that was refused waits for its place again", () => {
    const { page } = play(
      IN,
      news({ listening: listening({ heard: heard("b") }) }),
      { kind: "touch-place", target: TWO },
      { kind: "refused", why: say("mapping-not-stored") },
    );
    expect(awaitsPlace(page)?.id).toBe("b");
  });
  test("leave to ask serial devices holds from answer to answer, and ends with the listening", () => {
    const asked = play(IN, news(), { kind: "act", action: { kind: "listen", ask: true, target: null } });
    const more = step(step(asked.page, news({ listening: listening() }))[0], { kind: "touch-place", target: TWO });
    expect(more[1]).toEqual({ kind: "act", action: { kind: "listen", ask: true, target: TWO } });
    const ended = step(step(more[0], news())[0], { kind: "touch-place", target: TWO });
    expect(ended[1]).toEqual({ kind: "act", action: { kind: "listen", ask: false, target: TWO } });
  });
  test("what moved last is known, so that it can be said", () => {
    expect(
      play(IN, news(), news({ readers: [READERS[0] ?? aReader("a"), aReader("b", { target: TWO })] })).page.moved,
    ).toBe("b");
  });
});

test("whatever is touched in whatever order, only readers and devices that are there are asked for", () => {
  const ids = fc.constantFrom("a", "b", "c", "gone");
  const targets = fc.constantFrom(ONE, TWO, null);
  const states = fc
    .record({ listens: fc.boolean(), who: fc.option(ids), readers: fc.subarray(READERS) })
    .map(({ listens, who, readers }) =>
      news({ readers, listening: listens ? listening({ heard: who === null ? null : heard(who) }) : null }),
    );
  const events = fc.oneof(
    states,
    ids.map((id): PageEvent => ({ kind: "touch-reader", id })),
    targets.map((target): PageEvent => ({ kind: "touch-place", target })),
    fc.constantFrom<PageEvent>({ kind: "let-go" }, { kind: "next" }, { kind: "refused", why: null }),
  );
  fc.assert(
    fc.property(fc.array(events, { maxLength: 30 }), (played) => {
      let page = step(PAGE_AT_START, IN)[0];
      for (const event of played) {
        const before = page.told?.state;
        const [next, ...effects] = step(page, event);
        const known = [...(before?.readers ?? []).map(({ id }) => id), before?.listening?.heard?.id, page.hand];
        const asked = acts(effects);
        expect(asked.filter((action) => action.kind === "swap" && action.a === action.b)).toEqual([]);
        expect(asked.filter((action) => action.kind === "assign" && !known.includes(action.id))).toEqual([]);
        page = next;
      }
    }),
  );
});
