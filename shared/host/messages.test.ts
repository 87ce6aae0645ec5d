import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_HOST_MESSAGE_CHARACTERS, parseHostMessage, parsePageMessage } from "./messages.ts";

const HOST = { kind: "host", software: "polling-station 0.1.0", aliveEveryMs: 2_000 } as const;

test("each side reads what the other one says, and not its own words", () => {
  expect(parsePageMessage('{"kind":"ready"}')).toEqual({ kind: "ready" });
  expect(parsePageMessage('{"kind":"alive","sequence":7}')).toEqual({ kind: "alive", sequence: 7 });
  expect(parseHostMessage(JSON.stringify(HOST))).toEqual(HOST);
  expect(parsePageMessage(JSON.stringify(HOST))).toBeUndefined();
  expect(parseHostMessage('{"kind":"ready"}')).toBeUndefined();
});

test.each([
  ["an unknown kind", '{"kind":"quit"}'],
  ["something more than was agreed", '{"kind":"ready","path":"/etc/passwd"}'],
  ["a number that cannot be", '{"kind":"alive","sequence":0}'],
  ["a fraction", '{"kind":"alive","sequence":1.5}'],
  ["a part missing", '{"kind":"alive"}'],
  ["no JSON", "{"],
  ["a list", '["ready"]'],
  ["no text", { kind: "ready" }],
  ["nothing", undefined],
  ["ready, with a long tail of blanks", `{"kind":"ready"}${" ".repeat(MAX_HOST_MESSAGE_CHARACTERS)}`],
])("%s is no message", (_what, text) => {
  expect(parsePageMessage(text)).toBeUndefined();
});

test("whatever comes is a message or nothing, never an error", () => {
  const anything = fc.oneof(fc.anything(), fc.string(), fc.json({ maxDepth: 3 }));
  fc.assert(
    fc.property(anything, (text) => {
      const message = parsePageMessage(text);
      expect(message === undefined || message.kind === "ready" || message.sequence >= 1).toBe(true);
      expect(parseHostMessage(text)).toBeUndefined();
    }),
  );
});
