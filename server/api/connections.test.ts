import { createServer, get, type IncomingMessage, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { boundConnections } from "./connections.ts";

const MOST_WAITING = 5;
const MOST = 20;
let server: Server;
let port: number;
let answer: (() => void)[];
const open: Socket[] = [];

beforeEach(async () => {
  answer = [];
  server = createServer((request, response) => {
    if (request.url === "/late") return void answer.push(() => response.end("late"));
    request.resume().on("end", () => response.end("done"));
    return undefined;
  });
  boundConnections(server, { most: MOST, mostWaiting: MOST_WAITING });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A connection that says this much of a request, and whether it is still there. */
async function dial(text: string): Promise<{ socket: Socket; ended: () => boolean; heard: () => string }> {
  const socket = connect(port, "127.0.0.1");
  open.push(socket);
  let [ended, heard] = [false, ""];
  socket.on("error", () => (ended = true)).on("close", () => (ended = true));
  socket.on("data", (data: Buffer) => (heard += data.toString()));
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  if (text !== "") await new Promise<void>((resolve) => socket.write(text, () => resolve()));
  // Whatever came before is known to the server by then.
  await new Promise<IncomingMessage>((resolve) => get({ port, agent: false }, (reply) => resolve(reply.resume())));
  return { socket, ended: () => ended, heard: () => heard };
}

const DRIPPED = {
  "nothing at all": "",
  "half a head": "GET / HTTP/1.1\r\nHost: x\r\n",
  "half a body": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhal",
  "whole requests, and keep the line": "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
};

test.each(Object.entries(DRIPPED))("of those who send %s, the oldest go when there are too many", async (_, text) => {
  const first = await dial(text);
  for (let more = 0; more < 2 * MOST_WAITING; more++) await dial(text);
  await expect.poll(first.ended).toBe(true);
  expect(open.filter((socket) => !socket.destroyed).length).toBeLessThanOrEqual(MOST_WAITING);
});

test("whoever waits for an answer is not cut off, however many come and say nothing", async () => {
  const waiting = await dial("GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
  for (let more = 0; more < 2 * MOST_WAITING; more++) await dial("");
  expect(waiting.ended()).toBe(false);
  answer.forEach((give) => give());
  await expect.poll(waiting.heard).toContain("late");
});

test("beyond the most there are none is let in", async () => {
  for (let asked = 1; asked <= MOST; asked++) {
    const socket = connect(port, "127.0.0.1", () => socket.write("GET /late HTTP/1.1\r\nHost: x\r\n\r\n"));
    open.push(socket.on("error", () => undefined));
    await expect.poll(() => answer.length, { interval: 2 }).toBe(asked);
  }
  const more = connect(port, "127.0.0.1");
  open.push(more.on("error", () => undefined));
  await new Promise<void>((resolve) => more.once("close", () => resolve()));
  expect(answer.length).toBe(MOST);
});
