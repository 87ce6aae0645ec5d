import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openLine } from "./stream.ts";
import type { LineSource } from "../ui/line.ts";

class FakeSource implements LineSource {
  readyState = 1;
  readonly #listeners = new Map<string, (message: MessageEvent<unknown>) => void>();
  close(): void {
    this.readyState = 2;
  }
  addEventListener(kind: string, listener: (message: MessageEvent<unknown>) => void): void {
    this.#listeners.set(kind, listener);
  }
  tell(kind: string, data: string): void {
    this.#listeners.get(kind)?.(new MessageEvent(kind, { data }));
  }
}

const TITLE = JSON.stringify({ kind: "title", title: "Night" });

function openFake() {
  const sources: FakeSource[] = [];
  const seen: string[] = [];
  const close = openLine("/events", {
    onNews: (news) => seen.push(news.kind),
    onLine: (line) => seen.push(line),
    onGarbage: () => seen.push("garbage"),
    openSource: () => {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
  });
  const newest = (): FakeSource => {
    const source = sources.at(-1);
    if (source === undefined) throw new Error("no source was opened");
    return source;
  };
  return { sources, seen, close, newest, live: () => sources.filter((source) => source.readyState !== 2).length };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a message is told once it is understood", () => {
  const { newest, seen } = openFake();
  newest().tell("open", "");
  newest().tell("title", TITLE);
  expect(seen).toEqual(["up", "title"]);
});

test.each(["{", "null", '{"kind":"title","title":7}', '{"kind":"title","title":"x","extra":1}'])(
  "the message %s shows nothing and is followed by one new connection",
  (data) => {
    const { newest, seen, sources, live } = openFake();
    const first = newest();
    first.tell("title", data);
    first.tell("title", TITLE);
    expect(seen).toEqual(["garbage"]);
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(2);
    expect(live()).toBe(1);
  },
);

test("while the browser retries by itself, no second connection is opened", () => {
  const { newest, seen, sources } = openFake();
  newest().readyState = 0;
  newest().tell("error", "");
  vi.advanceTimersByTime(60_000);
  expect(seen).toEqual(["lost"]);
  expect(sources).toHaveLength(1);
});

test("a station that stays away is asked ever more seldom, at most every ten seconds, one connection at a time", () => {
  const { newest, sources, live } = openFake();
  const fail = (): void => {
    newest().close();
    newest().tell("error", "");
  };
  for (let elapsedMs = 0; elapsedMs < 600_000; elapsedMs += 100) {
    if (live() > 0) fail();
    expect(live()).toBeLessThanOrEqual(1);
    vi.advanceTimersByTime(100);
  }
  expect(sources.length).toBeGreaterThanOrEqual(600 / 10);
  expect(sources.length).toBeLessThan(600 / 5 + 10);
});

test("a closed line stays closed", () => {
  const { newest, close, sources } = openFake();
  newest().close();
  newest().tell("error", "");
  close();
  vi.advanceTimersByTime(60_000);
  expect(sources).toHaveLength(1);
});
