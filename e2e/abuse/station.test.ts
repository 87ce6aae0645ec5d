/** The station's own server under programs of its computer that mean harm: the page is served all the same. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import { startStationProgram, type StationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";
import { cutAll, dial, statusesOf, type Wire } from "./wire.ts";

/** See electron/screen/http.ts: requests that do not come, and connections altogether. */
const REQUEST_MS = 5_000;
const CHECK_MS = 2_000;
const MOST = 400;
const LOOKERS = 64;

let server: ServerProgram;
let station: StationProgram;
beforeAll(async () => {
  server = await startServerProgram();
  station = await startStationProgram({ server: server.url, demo: true });
});
afterEach(cutAll);
afterAll(async () => {
  await station.stop();
  await server.stop();
});

const ask = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;

async function expectServed(): Promise<void> {
  const wire = await dial(station.url, ask("/", "Connection: close\r\n"));
  expect(statusesOf(await wire.end())).toEqual([200]);
}

test("who drips a request is cut off in time, and the page is served meanwhile", async () => {
  const head = await dial(station.url, "GET / HTTP/1.1\r\nHost: localhost\r\n");
  const type = "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
  const body = await dial(station.url, `POST /demo/taps HTTP/1.1\r\nHost: localhost\r\n${type}`);
  const drip = setInterval(() => [head, body].forEach((wire) => wire.write("x")), 200);
  await expectServed();
  const limitMs = REQUEST_MS + 2 * CHECK_MS;
  for (const wire of [head, body]) await until("it to be cut off", () => wire.ended(), limitMs);
  clearInterval(drip);
  await expectServed();
});

test("connections beyond the bound are not let in, and their end makes room again", async () => {
  const wires: Wire[] = [];
  for (let more = 0; more < MOST + 20; more++) wires.push(await dial(station.url));
  await until("those too many to be gone", () => wires.filter((wire) => wire.ended()).length >= 20);
  cutAll();
  const served = await until("room again", async () => {
    const wire = await dial(station.url, ask("/healthz", "Connection: close\r\n"));
    return statusesOf(await wire.end())[0];
  });
  expect(served).toBe(200);
});

describe("what is too much is refused:", () => {
  test("a body, a header, a name, an address, two ways of saying where a body ends", async () => {
    const post = "POST /demo/taps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    for (const [text, status] of [
      [`${post}Content-Length: 5000\r\nConnection: close\r\n\r\n${"x".repeat(5_000)}`, 413],
      [ask("/", `X: ${"x".repeat(20_000)}\r\n`), 431],
      ["GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 421],
      [ask("/%ff", "Connection: close\r\n"), 400],
      [`${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${ask("/healthz")}`, 400],
    ] as const) {
      const wire = await dial(station.url, text);
      expect(statusesOf(await wire.end())).toEqual([status]);
    }
  });

  test("screens beyond those it tells of every change", async () => {
    const looking = await Promise.all(Array.from({ length: LOOKERS }, () => dial(station.url, ask("/events"))));
    await until("all to look", () => looking.every((wire) => statusesOf(wire.heard())[0] === 200));
    const more = await dial(station.url, ask("/events", "Connection: close\r\n"));
    expect(statusesOf(await more.end())).toEqual([503]);
    await expectServed();
  });
});

test("a page of another site can send no tap: what browsers send without asking is not taken", async () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
    const reply = await fetch(new URL("/demo/taps", station.url), {
      method: "POST",
      headers: { "content-type": type, origin: "https://evil.example" },
      body: JSON.stringify({ slot: 1, uid: "04A1B2C3" }),
    });
    expect([type, reply.status >= 400 && reply.status < 500]).toEqual([type, true]);
  }
  const asked = await fetch(new URL("/demo/taps", station.url), { method: "OPTIONS" });
  expect([asked.status, asked.headers.get("access-control-allow-origin")]).toEqual([404, null]);
});
