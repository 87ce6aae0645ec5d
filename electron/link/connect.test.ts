import { createHash } from "node:crypto";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer as createTcp, type AddressInfo, type Server } from "node:net";
import { generate } from "selfsigned";
import { afterEach, expect, test } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { CLOSE } from "../../shared/link/close-codes.ts";
import { connectWebSocket } from "./connect.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Connect, and tell what happens. */
function start(address: string) {
  const opened = Promise.withResolvers<Uint8Array>();
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  const messages: Uint8Array[] = [];
  const socket = connectWebSocket(address, {
    onOpen: opened.resolve,
    onMessage: (bytes) => void messages.push(bytes),
    onClose: (code, reason) => closed.resolve({ code, reason }),
  });
  return { socket, opened: opened.promise, closed: closed.promise, messages };
}

async function peerOf(address: string, sockets: WebSocketServer) {
  const met = new Promise<WebSocket>((resolve) => void sockets.once("connection", resolve));
  const link = start(address);
  return { ...link, peer: await met };
}

test("a plain link has no certificate", async () => {
  const http = createHttp();
  const sockets = new WebSocketServer({ server: http, path: "/link" });
  const { opened, peer, closed, socket } = await peerOf(`http://127.0.0.1:${await listen(http)}`, sockets);
  expect(await opened).toEqual(new Uint8Array());
  expect(peer.protocol).toBe("polling-station");
  socket.close(CLOSE.goingAway, "bye");
  expect(await closed).toMatchObject({ code: CLOSE.goingAway });
});

test("over TLS the link knows the fingerprint of the certificate it was really shown", async () => {
  const pems = await generate([{ name: "commonName", value: "station" }]);
  const https = createHttps({ key: pems.private, cert: pems.cert });
  const sockets = new WebSocketServer({ server: https });
  const { opened, closed, peer } = await peerOf(`https://127.0.0.1:${await listen(https)}`, sockets);
  const der = Buffer.from(pems.cert.replaceAll(/-----[^-]+-----|\s/g, ""), "base64");
  expect(await opened).toEqual(new Uint8Array(createHash("sha256").update(der).digest()));
  peer.close(1001, "stopping");
  expect(await closed).toEqual({ code: 1001, reason: "stopping" });
});

test("a server that says text is left", async () => {
  const http = createHttp();
  const sockets = new WebSocketServer({ server: http });
  const { peer, messages } = await peerOf(`http://127.0.0.1:${await listen(http)}`, sockets);
  const told = new Promise<number>((resolve) => void peer.once("close", resolve));
  peer.send("text");
  expect(await told).toBe(CLOSE.badFrame);
  expect(messages).toEqual([]);
});

test("a peer that answers no close is cut, so that the next attempt need not wait for it", async () => {
  const http = createHttp();
  const sockets = new WebSocketServer({ server: http });
  const { opened, closed, peer, socket } = await peerOf(`http://127.0.0.1:${await listen(http)}`, sockets);
  await opened;
  peer.pause();
  const began = performance.now();
  socket.close(CLOSE.silence, "silence");
  socket.close(CLOSE.silence, "silence");
  await closed;
  expect(performance.now() - began).toBeLessThan(5_000);
  peer.terminate();
});

test("nobody there, a server that is none, and a connection given up all end in one close", async () => {
  const port = await listen(createTcp((socket) => socket.resume().end("HTTP/1.1 404 Not Found\r\n\r\n")));
  expect(await start(`http://127.0.0.1:${port}`).closed).toMatchObject({ code: 1006, reason: /404/ });
  const mute = createTcp((socket) => void socket.resume().on("error", () => {}));
  const link = start(`http://127.0.0.1:${await listen(mute)}`);
  link.socket.close(CLOSE.goingAway, "");
  link.socket.close(CLOSE.goingAway, "");
  expect(await link.closed).toMatchObject({ code: 1006 });
  const free = createTcp();
  const nobody = await listen(free);
  await new Promise((resolve) => free.close(resolve));
  servers.pop();
  expect(await start(`http://127.0.0.1:${nobody}`).closed).toMatchObject({ code: 1006 });
});
