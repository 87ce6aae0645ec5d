import { expect, test } from "vitest";
import { readFound } from "./found-servers.ts";

const NAME = "Hall 3._polling-station._tcp.local";
const bytes = (text: string) => new TextEncoder().encode(text);
const SRV = { type: "SRV", name: NAME, data: { target: "hall.local", port: 7070 } };
const TXT = { type: "TXT", name: NAME, data: [bytes("v=1"), bytes("tls=1"), bytes("path=/link")] };
const A = { type: "A", name: "hall.local", data: "192.168.1.5" };

test("a server is found under each of its addresses, whatever the case of its names", () => {
  const six = { type: "AAAA", name: "HALL.local", data: "2001:db8::5" };
  expect(readFound({ answers: [{ ...SRV, name: NAME.toUpperCase() }], additionals: [TXT, A, six] })).toEqual([
    { address: "https://192.168.1.5:7070", name: "HALL 3" },
    { address: "https://[2001:db8::5]:7070", name: "HALL 3" },
  ]);
});

test("a server for trying, on this computer, is found without encryption; any other is not", () => {
  const plain = { ...TXT, data: [bytes("v=1"), bytes("tls=0")] };
  expect(readFound({ answers: [SRV, plain, { ...A, data: "127.0.0.1" }] })).toEqual([
    { address: "http://127.0.0.1:7070", name: "Hall 3" },
  ]);
  expect(readFound({ answers: [SRV, plain, A] })).toEqual([]);
});

test.each([
  ["of another service", [{ ...SRV, name: "Hall._http._tcp.local" }, { ...TXT, name: "Hall._http._tcp.local" }, A]],
  ["of another version", [SRV, { ...TXT, data: [bytes("v=2"), bytes("tls=1")] }, A]],
  ["without its text", [SRV, A]],
  ["without an address", [SRV, TXT]],
  ["with an address that is none", [SRV, TXT, { ...A, data: "evil.example" }]],
  ["with a port that is none", [{ ...SRV, data: { target: "hall.local", port: 0 } }, TXT, A]],
])("what is told %s is no server", (_what, answers) => {
  expect(readFound({ answers })).toEqual([]);
});

test("what is no packet brings nothing, and a name cannot turn the writing around", () => {
  for (const packet of [null, 7, "x", [], { answers: 5 }, { answers: [null, {}] }])
    expect(readFound(packet)).toEqual([]);
  const name = "\u202eevil\n._polling-station._tcp.local";
  expect(readFound({ answers: [{ ...SRV, name }, { ...TXT, name }, A] })).toMatchObject([{ name: "evil" }]);
});
