/** The server's HTTP side under clients that mean harm, over real sockets: it holds out, and serves everybody else. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import { until } from "../rig/within.ts";
import { cutAll, dial, dialMany, statusesOf } from "./wire.ts";

/** Past server/api/limits.ts, MAX_WAITING_CONNECTIONS. */
const TOO_MANY = 2_300;
/** A person would not call the page broken yet, on a machine that does a lot besides. */
const SERVED_MS = 5_000;

let server: ServerProgram;
beforeAll(async () => {
  server = await startServerProgram();
});
afterEach(cutAll);
afterAll(() => server.stop());

/** Somebody else asks, on a connection of its own. */
async function expectServed(): Promise<void> {
  const beganMs = performance.now();
  const wire = await dial(server.url, `GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  expect(statusesOf(await wire.end())).toEqual([200]);
  expect(performance.now() - beganMs).toBeLessThan(SERVED_MS);
}

const POST = (length: number) =>
  `POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

describe("thousands of connections at once", () => {
  test.each([
    ["say nothing", ""],
    ["drip their headers", "GET / HTTP/1.1\r\nHost: localhost\r\nX-Drip: "],
    ["drip their bodies", `${POST(500)}{"password":`],
  ])("that %s: the oldest go, and others are served meanwhile", async (_, text) => {
    const wires = await dialMany(TOO_MANY, server.url, text);
    const drip = setInterval(() => {
      for (const wire of wires.slice(0, 200)) wire.write("x");
    }, 50);
    await expectServed();
    await until("the oldest to be gone", () => wires.slice(0, 100).every((wire) => wire.ended()));
    await expectServed();
    clearInterval(drip);
    expect(wires.filter((wire) => wire.ended()).length).toBeLessThan(1_000);
  });
});

test("a body past the bound is refused before it has come, and what follows is no request", async () => {
  const wire = await dial(server.url, `${POST(100_000_000)}${"x".repeat(100)}`);
  const heard = await wire.end();
  expect(statusesOf(heard)).toEqual([413]);
  expect(heard).toContain("urn:polling-station:problem:body-too-large");
  await expectServed();
});

/** Of the server, for bodies that are no roll. */
const MAX_BODY_BYTES = 65_536;

test("a body without an end, in chunks, is cut off at the bound", async () => {
  const head = "POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  const wire = await dial(server.url, `${head}Transfer-Encoding: chunked\r\n\r\n`);
  const chunkOf = (bytes: number) => `${bytes.toString(16)}\r\n${"x".repeat(bytes)}\r\n`;
  wire.write(chunkOf(MAX_BODY_BYTES));
  // Only a byte more: what the server had not read when it closed would take the reply with it (RFC 9112 §9.6).
  wire.write(chunkOf(1));
  expect(statusesOf(await wire.end())).toEqual([413]);
  await expectServed();
});

test("headers past 16 KiB are refused, however they come", async () => {
  for (const header of [
    `X-Long: ${"x".repeat(20_000)}`,
    Array.from({ length: 3_000 }, (_, at) => `X-${at}: x`).join("\r\n"),
  ]) {
    const wire = await dial(server.url, `GET / HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`);
    expect(statusesOf(await wire.end())).toEqual([431]);
  }
  await expectServed();
});

describe("a request that two programs could read in two ways (RFC 9112 §11.2) is none:", () => {
  const START = "POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  const SMUGGLED = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
  test.each([
    ["a length and chunks", `${START}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ["chunks and a length", `${START}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ["two lengths", `${START}Content-Length: 0\r\nContent-Length: 44\r\n\r\n${SMUGGLED}`],
    ["a length that is signed", `${START}Content-Length: +0\r\n\r\n${SMUGGLED}`],
    ["an unknown coding", `${START}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ["a coding twice", `${START}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ["a space before a colon", `${START}Content-Length : 44\r\n\r\n${SMUGGLED}`],
    ["a header folded over two lines", `${START}X: a\r\n b\r\nContent-Length:\r\n 44\r\n\r\n${SMUGGLED}`],
    ["a bare line feed", `${START.replaceAll("\r\n", "\n")}Content-Length: 0\n\n${SMUGGLED}`],
    ["no Host", "GET /healthz HTTP/1.1\r\n\r\n"],
    ["two Hosts", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"],
  ])("%s", async (_, text) => {
    const wire = await dial(server.url, text);
    const statuses = statusesOf(await wire.end());
    // One refusal, and nothing of what was smuggled behind it.
    expect(statuses).toHaveLength(1);
    expect(statuses[0]).toBeGreaterThanOrEqual(400);
    expect(statuses[0]).toBeLessThan(500);
  });
});

test("requests one behind the other are answered in their order, and a bad one ends the line", async () => {
  const asks = ["/healthz", "/openapi.json", "/nowhere", "/healthz"];
  const lines = asks.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join("");
  const wire = await dial(server.url, lines);
  await until("the answers", () => statusesOf(wire.heard()).length === asks.length);
  wire.write(`rubbish\r\n\r\n${lines}`);
  expect(statusesOf(await wire.end())).toEqual([200, 200, 404, 200, 400]);
});

test("a name that is not this computer's is refused, whatever is asked: a page elsewhere may have pointed it here", async () => {
  for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "[::2]", ""]) {
    for (const path of ["/healthz", "/setup", "/api/v1/polls"]) {
      const wire = await dial(server.url, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect([host, statusesOf(await wire.end())]).toEqual([host, [421]]);
    }
  }
});

test("after all of that the server stops as it should", async () => {
  expect((await server.stop()).code).toBe(0);
});
