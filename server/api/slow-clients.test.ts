import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import { get as getByTls } from "node:https";
import { connect, type AddressInfo } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PollRow } from "../../shared/domain/projection.ts";
import { openCertificate } from "../tls/certificate.ts";
import { openEventStream } from "./event-stream.ts";
import { TALLY_EVERY_MS } from "../push/feed.ts";
import { HEADERS_TIMEOUT_MS, TIMEOUT_CHECK_MS } from "./limits.ts";
import { createTallyFeed } from "./tally-feed.ts";
import { createTestBed } from "./test-bed.ts";

/** Where a stream of Node says that it is full. */
const NODE_HIGH_WATER_BYTES = 65_536;
const row = (cursor: number): PollRow => ({
  id: "0".repeat(32),
  hash: "0".repeat(64),
  options: 50,
  counts: "first",
  upTo: 1,
  results: "live",
  groups: [],
  randomUids: "refuse",
  tagless: false,
  certify: "by-itself",
  round: 1,
  first: null,
  state: "open",
  moves: 1,
  windows: [],
  closed: null,
  barrier: null,
  unsynced: 0,
  late: 0,
  latestMs: 0,
  tally: Array.from({ length: 50 }, () => cursor),
  stateCursor: 1,
  tallyCursor: cursor,
});

test("a screen that stops reading costs a bounded buffer, and has the newest tally when it reads on", async () => {
  let nowMs = 0;
  const feed = createTallyFeed({ clock: () => nowMs, setTimer: () => () => undefined });
  let raw: ServerResponse | undefined;
  const server = createServer((_request, response) => {
    raw = response;
    const membership = feed.join(row(1), openEventStream(response, {}), undefined);
    response.on("drain", membership.drained);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const stream = await new Promise<IncomingMessage>((resolve) => {
    get({ port: (server.address() as AddressInfo).port }, resolve);
  });
  stream.pause();
  const last = 60_000; // about 24 MB, more than the system's buffers of both ends take
  let backlog = 0;
  for (let cursor = 2; cursor <= last; cursor++) {
    nowMs += TALLY_EVERY_MS;
    feed.onCommit({
      cursor,
      polls: [row(cursor)],
      stations: [],
      branches: [],
      roll: null,
      keyDestroyed: null,
      lfBits: 32,
    });
    backlog = Math.max(backlog, raw?.writableLength ?? 0);
    // Lets the socket take what it can, as in life.
    if (cursor % 20 === 0) await new Promise(setImmediate);
  }
  expect(backlog).toBeGreaterThanOrEqual(NODE_HIGH_WATER_BYTES);
  expect(backlog).toBeLessThan(NODE_HIGH_WATER_BYTES + 1024);
  let text = "";
  stream.on("data", (chunk: Buffer) => void (text += chunk.toString()));
  stream.resume();
  await expect.poll(() => text.includes(`id: ${last}\n`), { timeout: 10_000 }).toBe(true);
  expect(text.split("\n\n").length).toBeLessThan(last);
  stream.destroy();
  server.close();
});

test("who drips headers is cut off in time, and others are served meanwhile", async () => {
  const bed = await createTestBed();
  await bed.api.listen({ host: "127.0.0.1", port: 0 });
  const { port } = bed.api.server.address() as AddressInfo;
  const started = performance.now();
  const socket = connect(port, "127.0.0.1");
  socket.write("GET /healthz HTTP/1.1\r\n");
  const drip = setInterval(() => socket.writable && socket.write("x-drip: 1\r\n"), 500);
  socket.on("error", () => undefined);
  const chunks: Buffer[] = [];
  const cut = new Promise((resolve) => socket.on("data", (chunk) => chunks.push(chunk)).once("close", resolve));
  const served = await new Promise<IncomingMessage>((resolve) => get({ port, path: "/healthz" }, resolve));
  expect(served.statusCode).toBe(200);
  served.resume();
  await cut;
  clearInterval(drip);
  expect(performance.now() - started).toBeLessThan(HEADERS_TIMEOUT_MS + 2 * TIMEOUT_CHECK_MS + 2000);
  expect(Buffer.concat(chunks).toString()).toContain("urn:polling-station:problem:request-timeout");
  await bed.close();
});

test("over TLS the same API is served, and browsers are told to stay there", async () => {
  const directory = mkdtempSync(join(tmpdir(), "polling-station-api-tls-"));
  const { cert, key } = await openCertificate({ directory, hosts: [], clock: () => Date.now() });
  const bed = await createTestBed({ tls: { cert, key }, boundTo: "0.0.0.0" });
  await bed.api.listen({ host: "127.0.0.1", port: 0 });
  const { port } = bed.api.server.address() as AddressInfo;
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    getByTls({ port, host: "127.0.0.1", path: "/healthz", ca: cert }, resolve).once("error", reject);
  });
  reply.resume();
  expect(reply.statusCode).toBe(200);
  expect(reply.headers["strict-transport-security"]).toContain("max-age=");
  await bed.close();
  rmSync(directory, { recursive: true });
});
