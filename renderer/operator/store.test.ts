import { expect, test } from "vitest";
import type { PanelAction, PanelState } from "../../shared/events/operator.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { aPanel, aReader } from "./panel.testing.ts";
import { createPanelStore } from "./store.ts";
import type { Answer, Entered, PanelTransport } from "./transport.ts";

/** A station as far as the panel can tell: what it answers is set by the test. */
function openPanel() {
  const station = {
    access: { state: "ask", triesLeft: 5 } as Entered,
    entered: { state: "in" } as Entered,
    answer: { kind: "done" } as Answer,
    acted: [] as PanelAction[],
    lines: 0,
    tell: (() => {}) as (state: PanelState) => void,
    line: (() => {}) as (line: "up" | "lost") => void,
  };
  const transport: PanelTransport = {
    access: async () => (station.access.state === "refused" ? { state: "away" } : station.access),
    enter: async () => station.entered,
    act: async (action) => {
      station.acted.push(action);
      return station.answer;
    },
    openLine: ({ onNews, onLine }) => {
      station.lines += 1;
      station.tell = onNews;
      station.line = onLine;
      return () => void (station.lines -= 1);
    },
  };
  const frames: (() => void)[] = [];
  const store = createPanelStore({ transport, requestFrame: (draw) => frames.push(draw), nowMs: () => 0 });
  const close = store.open();
  const draw = (): void => {
    for (const frame of frames.splice(0)) frame();
  };
  return { station, store, close, draw, frames };
}

/** Until all promises that are settled have been heard. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

test("with the right PIN the line is opened, and closed with the page", async () => {
  const { station, store, close } = openPanel();
  await store.enter("4071");
  expect(station.lines).toBe(1);
  close();
  expect(station.lines).toBe(0);
});

test("a PIN that the station does not take is told with its reason, and opens nothing", async () => {
  const { station, store } = openPanel();
  station.entered = { state: "refused", why: say("weak-pin") };
  expect(await store.enter("1234")).toEqual(say("weak-pin"));
  expect(station.lines).toBe(0);
});

test("many pieces of news in one frame are drawn once", async () => {
  const { station, store, draw, frames } = openPanel();
  await store.enter("4071");
  draw();
  for (let taps = 1; taps <= 50; taps++) station.tell(aPanel({ readers: [aReader("a", { taps })] }));
  expect(frames).toHaveLength(1);
  draw();
  expect(store.read().told?.state.readers[0]?.taps).toBe(50);
});

test("an action that is refused is shown with its reason, and the next one takes it away", async () => {
  const { station, store, draw } = openPanel();
  await store.enter("4071");
  station.answer = { kind: "refused", why: say("same-reader") };
  store.send({ kind: "act", action: { kind: "remove", id: "a" } });
  await settled();
  draw();
  expect(store.read().refusal).toEqual({ why: say("same-reader") });
  station.answer = { kind: "done" };
  store.send({ kind: "act", action: { kind: "remove", id: "b" } });
  draw();
  expect(store.read().refusal).toBeNull();
});

test("an action after the visit has ended leads back to the PIN", async () => {
  const { station, store, draw } = openPanel();
  await store.enter("4071");
  station.answer = { kind: "out" };
  store.send({ kind: "act", action: { kind: "search-server" } });
  await settled();
  draw();
  expect(store.read().access).toEqual({ state: "ask", triesLeft: 5 });
  expect(station.lines).toBe(0);
});

test("leaving ends the visit at the station, and the line", async () => {
  const { station, store } = openPanel();
  await store.enter("4071");
  await store.leave();
  expect(station.acted).toEqual([{ kind: "leave" }]);
  expect(station.lines).toBe(0);
});
