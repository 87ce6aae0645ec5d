import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { LEVELS, type Level } from "./event.ts";
import { errorFields } from "./error-fields.ts";
import { LINES_PER_WINDOW, WINDOW_MS } from "./flow.ts";
import { createJournal, type Journal, type JournalLine } from "./journal.ts";
import { readLine } from "./line.ts";
import { SERVER_EVENTS, type ServerEvents } from "./server-events.ts";
import { STATION_EVENTS } from "./station-events.ts";

const STATION = "5".repeat(32);
const POLL = "a1".repeat(16);

function openTestJournal(level: Level = "debug") {
  const lines: JournalLine[] = [];
  const told: string[] = [];
  let nowMs = 0;
  const timers = new Set<{ atMs: number; run: () => void }>();
  const journal = createJournal({
    catalogue: SERVER_EVENTS,
    level,
    monotonicMs: () => nowMs,
    setTimer(run, delayMs) {
      const timer = { atMs: nowMs + delayMs, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    write: (_level, line) => void lines.push(line),
    tell: (words) => void told.push(words),
  });
  const pass = (ms: number) => {
    nowMs += ms;
    for (const timer of timers) {
      if (timer.atMs > nowMs) continue;
      timers.delete(timer);
      timer.run();
    }
  };
  return { journal, lines, told, pass };
}

describe("a line", () => {
  test("has the event's name and its fields, and a warning is told to people with its remedy", () => {
    const { journal, lines, told } = openTestJournal();
    journal.note("link.closed", { station: STATION, why: "silence", by: "server" });
    journal.note("branch.aside", { station: STATION, log: POLL });
    expect(lines[0]).toEqual({ event: "link.closed", station: STATION, why: "silence", by: "server" });
    expect(told).toEqual([
      `${SERVER_EVENTS["branch.aside"].meaning} ${SERVER_EVENTS["branch.aside"].remedy} ` +
        `(branch.aside station=${STATION} log=${POLL})`,
    ]);
  });

  test("takes nothing that the catalogue does not name: so says the compiler, and so it is at run time", () => {
    const { journal, lines } = openTestJournal();
    // @ts-expect-error: a field nobody declared
    journal.note("poll.opened", { poll: POLL, question: "Where to?" });
    // @ts-expect-error: no free words where a word of the list belongs
    journal.note("admin.login-failed", { why: "hunter2" });
    // @ts-expect-error: no objects
    journal.note("link.admitted", { station: { key: STATION } });
    // @ts-expect-error: no bytes
    journal.note("link.admitted", { station: new Uint8Array(16) });
    // @ts-expect-error: an event has its fields
    journal.note("poll.opened");
    // @ts-expect-error: no event of its own
    journal.note("poll.tapped", {});
    expect(lines).toEqual([
      { event: "journal.refused", of: "poll.opened" },
      { event: "journal.refused", of: "admin.login-failed" },
      { event: "journal.refused", of: "link.admitted" },
      { event: "journal.refused", of: "link.admitted" },
      { event: "journal.refused", of: "poll.opened" },
    ]);
    expectTypeOf<Parameters<Journal<ServerEvents>["note"]>[0]>().toEqualTypeOf<keyof ServerEvents>();
  });

  test("below the level asked for is not written", () => {
    const { journal, lines } = openTestJournal("warn");
    journal.note("link.admitted", { station: STATION });
    journal.note("admin.login-failed", { why: "wrong-password" });
    expect(lines.map(({ event }) => event)).toEqual(["admin.login-failed"]);
  });
});

/** What people may be known by, and what opens doors. */
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((all) => Buffer.from(all).toString("hex"));
const uid = fc
  .integer({ min: 4, max: 10 })
  .chain(hex)
  .chain((text) =>
    fc.constantFrom(
      text,
      text.toUpperCase(),
      text.replaceAll(/(..)(?!$)/g, "$1:"),
      text.replaceAll(/(..)(?!$)/g, "$1-"),
    ),
  );
const eventKey = hex(32);
const token = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((all) => Buffer.from(all).toString("base64url"));
const code = fc.stringMatching(/^[BCDFGHJKMNPQRSTVWXYZ2-9]{4}-[BCDFGHJKMNPQRSTVWXYZ2-9]{4}$/);
const words = fc
  .array(fc.stringMatching(/^[A-Za-zäöüß?!]{3,12}$/), { minLength: 2, maxLength: 6 })
  .map((all) => all.join(" "));
const secret = fc.oneof(uid, eventKey, token, code, words);

describe("no secret gets in", () => {
  const places = [SERVER_EVENTS, STATION_EVENTS].flatMap((catalogue) =>
    Object.entries(catalogue).flatMap(([name, { fields }]) => {
      return Object.keys(fields).map((field) => ({ catalogue, name, fields: Object.keys(fields), field }));
    }),
  );

  test("whatever field of whatever event it is put into", () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), secret, ({ catalogue, name, fields, field }, hidden) => {
        const lines: unknown[] = [];
        const journal = createJournal({
          catalogue,
          level: "debug",
          monotonicMs: () => 0,
          setTimer: () => () => {},
          write: (_, line) => void lines.push(line),
          tell: (line) => void lines.push(line),
        });
        const given = Object.fromEntries(fields.map((own) => [own, own === field ? hidden : fitting(own)]));
        (journal.note as (name: string, fields: object) => void)(name, given);
        expect(JSON.stringify(lines)).not.toContain(hidden);
        expect(lines).toContainEqual({ event: "journal.refused", of: name });
      }),
      { numRuns: 2_000 },
    );
  });

  test("in an error, whose message is never taken", () => {
    const thrown = secret.chain((hidden) =>
      fc
        .constantFrom<(text: string) => unknown>(
          (text) => new Error(text),
          (text) => new SyntaxError(`Unexpected token in ${text}`, { cause: new Error(text) }),
          (text) => Object.assign(new TypeError("wrong"), { code: text, name: text }),
          (text) => new Error(`x\n    at ${text} (server/${text}:1:2)\n    at server/${text}.ts:1:2`),
          (text) => text,
          (text) => ({ message: text, stack: text, code: text }),
        )
        .map((make) => ({ hidden, error: make(hidden) })),
    );
    fc.assert(
      fc.property(thrown, ({ hidden, error }) => {
        const { journal, lines, told } = openTestJournal();
        journal.note("server.failed", errorFields(error));
        expect(lines.map(({ event }) => event)).toEqual(["server.failed"]);
        expect(JSON.stringify([lines, told])).not.toContain(hidden);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Something that fits each field there is, so that only the one under test is wrong. */
function fitting(field: string): unknown {
  const known: Record<string, unknown> = {
    station: STATION,
    poll: POLL,
    log: POLL,
    ofEvent: POLL,
    error: "Error",
    code: "none",
    at: "?",
    route: "GET /healthz",
    by: "server",
    fault: "other",
    of: "poll.opened",
    now: "none",
    what: "page",
  };
  return known[field] ?? 0;
}

describe("an error in a line", () => {
  test("is its class, its code and the place in our code it came from", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write '/home/ada'"), { code: "ENOSPC" });
    expect(errorFields(full)).toEqual({
      error: "Error",
      code: "ENOSPC",
      at: expect.stringMatching(/^shared\/journal\/journal\.test\.ts:\d+:\d+$/),
    });
    class TextsFault extends Error {}
    expect(errorFields(new TextsFault("x"))).toMatchObject({ error: "TextsFault", code: "none" });
    expect(errorFields("thrown by somebody")).toEqual({ error: "Error", code: "none", at: "?" });
  });
});

describe("what repeats itself", () => {
  test("is written some times in a minute, then counted, and told once the storm is over", () => {
    const { journal, lines, pass } = openTestJournal();
    for (let i = 0; i < 1_000; i++) journal.note("link.admitted", { station: STATION });
    expect(lines).toHaveLength(LINES_PER_WINDOW);
    pass(WINDOW_MS);
    expect(lines.slice(LINES_PER_WINDOW)).toEqual([
      { event: "journal.repeated", of: "link.admitted", times: 1_000 - LINES_PER_WINDOW },
    ]);
    journal.note("link.admitted", { station: STATION });
    expect(lines.at(-1)).toEqual({ event: "link.admitted", station: STATION });
  });

  test("takes nothing from other events", () => {
    const { journal, lines } = openTestJournal();
    for (let i = 0; i < 1_000; i++) journal.note("link.admitted", { station: STATION });
    journal.note("ledger.not-stored", { fault: "disk-full" });
    expect(lines.at(-1)?.event).toBe("ledger.not-stored");
  });

  test("is told when the journal is closed, too", () => {
    const { journal, lines } = openTestJournal();
    for (let i = 0; i < 70; i++) journal.note("link.admitted", { station: STATION });
    journal.settle();
    expect(lines.at(-1)).toEqual({ event: "journal.repeated", of: "link.admitted", times: 70 - LINES_PER_WINDOW });
  });
});

describe("the catalogues", () => {
  test("have names of one form, a meaning for each, and a remedy for all that is wrong", () => {
    const all = [...Object.entries(SERVER_EVENTS), ...Object.entries(STATION_EVENTS)];
    const misnamed = all.filter(([name]) => !/^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/.test(name));
    const meaningless = all.filter(([, { meaning }]) => !/^[A-Z].*\.$/.test(meaning));
    const hopeless = all.filter(([, { level, remedy }]) => level === "error" && remedy === null);
    expect([misnamed, meaningless, hopeless]).toEqual([[], [], []]);
    expect(all.every(([, { level }]) => LEVELS.includes(level))).toBe(true);
  });

  test("read their own lines back, and no others", () => {
    const line = { time: "2026-05-01T09:00:00.000Z", level: "info", event: "poll.opened", poll: POLL };
    expect(readLine(SERVER_EVENTS, JSON.stringify(line))).toEqual(line);
    const reading = (wrong: object) => () => readLine(SERVER_EVENTS, JSON.stringify({ ...line, ...wrong }));
    expect(reading({ level: "warn" })).toThrow("poll.opened is info");
    expect(reading({ event: "poll.tapped" })).toThrow("not in the catalogue");
    expect(reading({ poll: "x" })).toThrow("32 hexadecimal digits");
    expect(reading({ more: 1 })).toThrow("more");
    expect(reading({ time: "today" })).toThrow("timestamp");
  });
});
