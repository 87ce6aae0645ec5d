import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { createFrameWalk, maskedFrame } from "./bare-frames.ts";
import { openBareSocket } from "./bare-socket.ts";

let server: WebSocketServer;
let url: string;

beforeEach(async () => {
  server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  await once(server, "listening");
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});
afterEach(() => {
  for (const peer of server.clients) peer.terminate();
  server.close();
});

/** Connect; `onPeer` is told of the server's end at once. */
async function open(onPeer: (peer: WebSocket) => void) {
  server.on("connection", onPeer);
  return openBareSocket(url);
}

const pattern = (length: number) => Uint8Array.from({ length }, (_, at) => at % 251);

test("what is framed by hand arrives whole at ws, short and long", async () => {
  const heard: Buffer[] = [];
  const { promise: all, resolve } = Promise.withResolvers<void>();
  const socket = await open((peer) =>
    peer.on("message", (message) => {
      if (Buffer.isBuffer(message) && heard.push(message) === 4) resolve();
    }),
  );
  for (const length of [0, 125, 126, 3_000]) socket.write(maskedFrame(pattern(length), Uint8Array.of(7, 99, 0, 255)));
  await all;
  expect(heard.map((message) => [...message])).toEqual([0, 125, 126, 3_000].map((length) => [...pattern(length)]));
  socket.close();
});

test("what ws sends right behind the upgrade is not lost, and its close is quoted", async () => {
  const socket = await open((peer) => {
    for (const length of [3, 300]) peer.send(pattern(length));
    peer.close(4001, "too fast");
  });
  const lengths: number[] = [];
  socket.onBytes(createFrameWalk((_bytes, from, to) => lengths.push(to - from)));
  expect(await socket.ended).toBe("the server closed the link: 4001 too fast");
  expect(lengths).toEqual([3, 300]);
});

test("a server that does not speak WebSocket there is refused with its answer", async () => {
  server.shouldHandle = () => false;
  await expect(open(() => undefined)).rejects.toThrow("does not upgrade: HTTP/1.1 400 Bad Request");
});
