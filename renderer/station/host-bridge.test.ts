import { expect, test } from "vitest";
import { openHostBridge } from "./host-bridge.ts";

const GREETING = { kind: "host", software: "polling-station 0.1.0", aliveEveryMs: 2_000 };

function bridged({ shows = true } = {}) {
  const told: unknown[] = [];
  const hosts: string[] = [];
  let hear: (text: unknown) => void = () => undefined;
  const tickers: { run: () => void; everyMs: number; stopped: boolean }[] = [];
  const host = {
    host: "electron",
    tell: (text: string) => void told.push(JSON.parse(text)),
    listen: (listener: (text: unknown) => void) => void (hear = listener),
  };
  const page = { shows };
  const ready = openHostBridge(host, {
    showsSomething: () => page.shows,
    onHost: (software) => hosts.push(software),
    setTicker(run, everyMs) {
      const ticker = { run, everyMs, stopped: false };
      tickers.push(ticker);
      return () => (ticker.stopped = true);
    },
  });
  return { told, hosts, tickers, page, ready, greet: (text: unknown = JSON.stringify(GREETING)) => hear(text) };
}

test("the page says that it is ready, and then, as often as it is asked to, that it is alive", () => {
  const { told, hosts, tickers, ready, greet } = bridged();
  ready();
  greet();
  tickers[0]?.run();
  tickers[0]?.run();
  expect(told).toEqual([{ kind: "ready" }, { kind: "alive", sequence: 1 }, { kind: "alive", sequence: 2 }]);
  expect([hosts, tickers[0]?.everyMs]).toEqual([["polling-station 0.1.0"], 2_000]);
});

test("a page that shows nothing any more falls silent", () => {
  const { told, tickers, page, greet } = bridged();
  greet();
  page.shows = false;
  tickers[0]?.run();
  expect(told).toEqual([]);
});

test("greeted again it speaks at the new pace only, and goes on counting", () => {
  const { told, tickers, greet } = bridged();
  greet();
  tickers[0]?.run();
  greet(JSON.stringify({ ...GREETING, aliveEveryMs: 500 }));
  tickers[1]?.run();
  expect(tickers.map(({ everyMs, stopped }) => [everyMs, stopped])).toEqual([
    [2_000, true],
    [500, false],
  ]);
  expect(told.at(-1)).toEqual({ kind: "alive", sequence: 2 });
});

test.each(["", "{", '{"kind":"quit"}', { ...GREETING }, JSON.stringify({ ...GREETING, aliveEveryMs: 0 })])(
  "%j of the host is not obeyed",
  (text) => {
    const { tickers, hosts, greet } = bridged();
    greet(text);
    expect([tickers, hosts]).toEqual([[], []]);
  },
);

test.each([undefined, null, "electron", {}, { host: "electron" }, { host: "other", tell() {}, listen() {} }])(
  "in a window with %j for a host nothing happens",
  (host) => {
    const ends = { showsSomething: () => true, onHost: () => expect.unreachable(), setTicker: () => () => undefined };
    expect(() => openHostBridge(host, ends)()).not.toThrow();
  },
);
