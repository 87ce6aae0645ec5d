/** Redis: entries of a stream, 100 in flight, acknowledged after its append-only file is on the disk. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { openScratch } from "../../e2e/rig/scratch.ts";
import { findServer, startPeer, type Peer } from "./peer.ts";

const ROUNDS = 3;
const IN_FLIGHT = 100;
const ENTRIES = 60_000;
/** A ballot in a batch. */
const BALLOT_BYTES = 32;
const LINE_FEED = 10;
/** `$15\r\n1700000000000-0\r\n` */
const LINES_PER_REPLY = 2;

export const redis: Peer = {
  name: "redis",
  row: "ingest.durable",
  atLeast: null,
  find: () => findServer("redis-server"),
  async measure(program) {
    const scratch = openScratch("bench-redis");
    const path = join(scratch, "redis.sock");
    const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
    const args = ["--port", "0", "--unixsocket", path, "--dir", scratch, "--daemonize", "no", ...durable];
    const server = await startPeer(program, args, { ready: /[Rr]eady to accept connections/ });
    try {
      const rates: number[] = [];
      for (let round = 0; round < ROUNDS; round++) rates.push(await addEntries(path));
      return rates;
    } finally {
      await server.kill9();
    }
  },
};

async function addEntries(path: string): Promise<number> {
  const socket = connect(path);
  await once(socket, "connect");
  const add = Buffer.concat([
    Buffer.from(`*5\r\n$4\r\nXADD\r\n$5\r\nvotes\r\n$1\r\n*\r\n$1\r\nv\r\n$${BALLOT_BYTES}\r\n`),
    randomBytes(BALLOT_BYTES),
    Buffer.from("\r\n"),
  ]);
  let [sent, lines] = [0, 0];
  const fill = () => {
    const count = Math.min(ENTRIES - sent, IN_FLIGHT - (sent - Math.floor(lines / LINES_PER_REPLY)));
    sent += count;
    if (count > 0) socket.write(Buffer.concat(Array.from({ length: count }, () => add)));
  };
  const startMs = performance.now();
  const done = new Promise<void>((resolve, reject) => {
    socket.on("data", (bytes) => {
      if (bytes.includes("-ERR")) reject(new Error(bytes.toString("latin1", 0, 200)));
      for (const byte of bytes) if (byte === LINE_FEED) lines += 1;
      if (lines >= ENTRIES * LINES_PER_REPLY) resolve();
      else fill();
    });
    socket.once("error", reject);
  });
  fill();
  await done;
  socket.destroy();
  return (ENTRIES * 1000) / (performance.now() - startMs);
}
