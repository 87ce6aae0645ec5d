import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { HOST_CHANNEL, type PageMessage } from "../../shared/host/messages.ts";
import { openHostDoor, type HostDoor } from "./host-door.ts";

const ORIGIN = "http://127.0.0.1:7071";
const READY = '{"kind":"ready"}';
const TOP = { origin: ORIGIN, parent: null };

function openDoor() {
  let nowMs = 0;
  const door = new EventEmitter() satisfies HostDoor;
  const sent: unknown[] = [];
  const page = { send: (channel: string, text: string) => void sent.push([channel, text]) };
  const heard: PageMessage[] = [];
  const said: string[] = [];
  const tell = openHostDoor(door, {
    page,
    origin: ORIGIN,
    onMessage: (message) => heard.push(message),
    say: (line) => said.push(line),
    monotonicMs: () => nowMs,
  });
  return {
    heard,
    said,
    sent,
    tell,
    pass: (ms: number) => (nowMs += ms),
    from: (event: object, ...args: unknown[]) =>
      door.emit(HOST_CHANNEL, { sender: page, senderFrame: TOP, ...event }, ...args),
  };
}

test("the page of our window is heard", () => {
  const { from, heard, said } = openDoor();
  from({}, READY);
  from({}, '{"kind":"alive","sequence":3}');
  expect(heard).toEqual([{ kind: "ready" }, { kind: "alive", sequence: 3 }]);
  expect(said).toEqual([]);
});

test.each([
  ["another window", { sender: {} }],
  ["a frame that is gone", { senderFrame: null }],
  ["a frame inside the page", { senderFrame: { origin: ORIGIN, parent: TOP } }],
  ["another address", { senderFrame: { origin: "https://example.org", parent: null } }],
  ["another address", { senderFrame: { origin: "http://127.0.0.1:70711", parent: null } }],
  ["another address", { senderFrame: { origin: "null", parent: null } }],
])("%s is not heard, whatever it says", (who, event) => {
  const { from, heard, said } = openDoor();
  from(event, READY);
  expect(heard).toEqual([]);
  expect(said).toEqual([`A message to the shell was dropped: it came from ${who}.`]);
});

test.each([
  ["it is not one text", [{ kind: "ready" }]],
  ["it is not one text", []],
  ["it is not one text", [READY, READY]],
  ["it is 300 characters long", [READY.padEnd(300)]],
  ["it is none that this version knows", ['{"kind":"quit"}']],
  ["it is none that this version knows", ["{"]],
])("what cannot be understood is dropped, as %s", (why, args) => {
  const { from, heard, said } = openDoor();
  from({}, ...args);
  expect(heard).toEqual([]);
  expect(said).toEqual([`A message of the page was dropped: ${why}.`]);
});

test("a page that floods is heard twenty times a second, and fills no log", () => {
  const { from, heard, said, pass } = openDoor();
  for (let second = 0; second < 3; second++) {
    for (let at = 0; at < 1_000; at++) from({}, READY);
    pass(1_000);
  }
  expect(heard).toHaveLength(60);
  expect(said).toHaveLength(1);
});

test("the page is told in one text", () => {
  const { tell, sent } = openDoor();
  tell({ kind: "host", software: "polling-station", aliveEveryMs: 2_000 });
  expect(sent).toEqual([[HOST_CHANNEL, '{"kind":"host","software":"polling-station","aliveEveryMs":2000}']]);
});
