import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionEvent,
  FIRST_RETRY_MS,
  jitter,
  MAX_RETRY_MS,
  startConnection,
  stepConnection,
} from "./connection.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { explainTrouble } from "./serial/trouble.ts";

const PATH = "/dev/x";

/** The effects of each event, one list per event, after the opening ones. */
function follow(events: readonly ConnectionEvent[]): ConnectionEffect[][] {
  let [connection]: [Connection, ...ConnectionEffect[]] = startConnection();
  return events.map((event) => {
    const [next, ...effects] = stepConnection(connection, event, PATH);
    connection = next;
    return effects;
  });
}

function last<T>(items: readonly T[]): T | undefined {
  return items.at(-1);
}

const opened = (opening: number, mark: string | undefined = "m"): ConnectionEvent => ({
  kind: "opened",
  opening,
  mark,
  mustAnswer: false,
});
const gone = (opening: number): ConnectionEvent => ({ kind: "gone", opening, trouble: { kind: "unplugged" } });
const missing = (opening: number): ConnectionEvent => ({ kind: "notOpened", opening, trouble: { kind: "missing" } });
const retryDue = (opening: number): ConnectionEvent => ({ kind: "retryDue", opening });
const looked = (opening: number, mark: string): ConnectionEvent => ({
  kind: "looked",
  opening,
  look: { kind: "device", mark },
});

test("a port that opens is watched and told as present", () => {
  expect(follow([opened(1)])).toEqual([
    [
      { kind: "watch", opening: 1 },
      { kind: "tell", state: { kind: "present" } },
    ],
  ]);
});

test("a port whose device must answer is told as present when it answered, once", () => {
  const open: ConnectionEvent = { kind: "opened", opening: 1, mark: "m", mustAnswer: true };
  const answered: ConnectionEvent = { kind: "answered", opening: 1 };
  const present = { kind: "tell", state: { kind: "present" } };
  expect(follow([open, answered, answered])).toEqual([[{ kind: "watch", opening: 1 }], [present], []]);
});

test("a port that opens well and never answers waits longer and longer", () => {
  const silent = (opening: number): ConnectionEvent[] => [
    { kind: "opened", opening, mark: "m", mustAnswer: true },
    looked(opening, "m"),
    gone(opening),
    retryDue(opening),
  ];
  const waits = follow([1, 2, 3].flatMap(silent))
    .flat()
    .flatMap((effect) => (effect.kind === "retryAfter" ? [effect.backOffMs] : []));
  expect(waits).toEqual([250, 500, 1000]);
});

test("an unplug is told with its reason, and tried again", () => {
  expect(last(follow([opened(1), gone(1)]))).toEqual([
    { kind: "close", opening: 1 },
    { kind: "retryAfter", opening: 1, backOffMs: FIRST_RETRY_MS },
    { kind: "tell", state: { kind: "lost", reason: say("port-unplugged", { port: PATH }) } },
  ]);
});

test("a close that fires twice is one loss", () => {
  expect(last(follow([opened(1), gone(1), gone(1)]))).toEqual([]);
  expect(last(follow([opened(1), gone(1), retryDue(1), opened(2), gone(1)]))).toEqual([]);
});

test("the wait doubles up to its cap, and the same reason is told once", () => {
  const events = Array.from({ length: 8 }, (_, n) => [missing(n + 1), retryDue(n + 1)]).flat();
  const effects = follow(events).flat();
  const waits = effects.flatMap((effect) => (effect.kind === "retryAfter" ? [effect.backOffMs] : []));
  expect(waits).toEqual([250, 500, 1000, 2000, 2000, 2000, 2000, 2000]);
  expect(waits.every((wait) => wait <= MAX_RETRY_MS)).toBe(true);
  expect(effects.filter((effect) => effect.kind === "tell")).toHaveLength(1);
});

test("a port that opens and dies at once waits longer and longer; one that held begins anew", () => {
  const flapping = follow([opened(1), gone(1), retryDue(1), opened(2), gone(2)]);
  expect(last(flapping)).toContainEqual({ kind: "retryAfter", opening: 2, backOffMs: FIRST_RETRY_MS * 2 });
  const held = follow([opened(1), gone(1), retryDue(1), opened(2), looked(2, "m"), gone(2)]);
  expect(last(held)).toContainEqual({ kind: "retryAfter", opening: 2, backOffMs: FIRST_RETRY_MS });
});

test("an unplug that nobody reports is found by looking at the path", () => {
  const [, effects = []] = follow([opened(1), { kind: "looked", opening: 1, look: { kind: "missing" } }]);
  expect(effects.map((effect) => effect.kind)).toEqual(["close", "retryAfter", "tell"]);
});

test("another device under the same path is connected to again", () => {
  const [, effects = []] = follow([opened(1, "ttyUSB0"), looked(1, "ttyUSB1")]);
  expect(effects.map((effect) => effect.kind)).toEqual(["close", "retryAfter", "tell"]);
});

test("a look that finds nothing out changes nothing", () => {
  expect(last(follow([opened(1), { kind: "looked", opening: 1, look: { kind: "unknown" } }]))).toEqual([]);
  expect(last(follow([opened(1, undefined), looked(1, "m")]))).toEqual([]);
});

test("an open that takes long is told, and still counts when it succeeds", () => {
  const [slow = [], then = []] = follow([{ kind: "openIsSlow", opening: 1 }, opened(1)]);
  expect(slow).toEqual([
    { kind: "tell", state: { kind: "lost", reason: explainTrouble(PATH, { kind: "slowToOpen" }) } },
  ]);
  expect(then).toContainEqual({ kind: "tell", state: { kind: "present" } });
});

test("a port that opens after stop is closed", () => {
  expect(last(follow([{ kind: "stop" }, opened(1)]))).toEqual([{ kind: "close", opening: 1 }]);
});

test("jitter keeps the wait between half and whole", () => {
  expect(jitter(1000, 0)).toBe(500);
  expect(jitter(1000, 0.999)).toBeLessThanOrEqual(1000);
});

const someEvent: fc.Arbitrary<ConnectionEvent> = fc
  .record({ opening: fc.integer({ min: 1, max: 4 }), pick: fc.nat({ max: 9 }) })
  .map(({ opening, pick }): ConnectionEvent => {
    const choices: readonly ConnectionEvent[] = [
      opened(opening),
      missing(opening),
      gone(opening),
      retryDue(opening),
      looked(opening, "m"),
      looked(opening, "other"),
      { kind: "openIsSlow", opening },
      { kind: "looked", opening, look: { kind: "missing" } },
      { kind: "opened", opening, mark: "m", mustAnswer: true },
      { kind: "answered", opening },
    ];
    return choices[pick] ?? retryDue(opening);
  });

function isLate(event: ConnectionEvent, now: Connection): boolean {
  return event.kind !== "stop" && now.kind !== "stopped" && event.opening !== now.opening;
}

test("whatever happens: never two openings at once, never a wait forgotten", () => {
  fc.assert(
    fc.property(fc.array(someEvent, { maxLength: 60 }), (events) => {
      let [connection]: [Connection, ...ConnectionEffect[]] = startConnection();
      for (const event of events) {
        const before = connection;
        const [next, ...effects] = stepConnection(connection, event, PATH);
        const kinds = effects.map((effect) => effect.kind);
        // It opens only out of a wait, waits exactly when it begins to wait, and closes what it gives up.
        expect(kinds.filter((kind) => kind === "open")).toHaveLength(
          next.kind === "opening" && before.kind === "waiting" ? 1 : 0,
        );
        expect(kinds.includes("retryAfter")).toBe(next.kind === "waiting" && before.kind !== "waiting");
        expect(kinds.includes("close")).toBe(
          (before.kind === "open" && next.kind !== "open") || (isLate(event, before) && event.kind === "opened"),
        );
        connection = next;
      }
    }),
  );
});

test("whatever happens: a stopped reader opens nothing and says nothing", () => {
  fc.assert(
    fc.property(fc.array(someEvent), fc.array(someEvent), (before, after) => {
      const effects = follow([...before, { kind: "stop" }, ...after])
        .slice(before.length)
        .flat();
      expect(effects.every((effect) => effect.kind === "close")).toBe(true);
    }),
  );
});
