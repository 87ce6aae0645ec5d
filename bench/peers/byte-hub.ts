/** Somebody else's hub: subscribers that say hello in its way, and count its messages by their bytes, which are fixed. */
import { connect } from "node:net";
import * as v from "valibot";
import { startChild } from "../child.ts";
import { SUBSCRIBERS, burst, type Hub } from "../fanout/hub.ts";
import { greetRaw, type Step } from "../fanout/raw-greeting.ts";
import type { PeerProgram } from "./peer.ts";

const ROUNDS = 3;
const WARM_UP_MS = 1_000;
const BURST_MS = 2_000;
/** Ten updates on their way, as with ours. */
const GROUPS_ON_THE_WAY = 1;

/** What ours sends of a tally of 50 options, too. */
export const PAYLOAD = "x".repeat(196);

export interface Dialect {
  /** What a subscriber says, and until what it then waits; bytes as Latin-1. */
  steps: readonly Step[];
  /** One message, as the publisher sends it and as a subscriber gets it. */
  publish: Buffer;
  received: number;
}

/** Deliveries a second, by rounds; the program is gone afterwards. */
export async function burstOf(program: PeerProgram, port: number, dialect: Dialect): Promise<number[]> {
  try {
    const hub = await openByteHub(program, port, dialect);
    try {
      await burst(hub, WARM_UP_MS, GROUPS_ON_THE_WAY);
      const rates: number[] = [];
      for (let round = 0; round < ROUNDS; round++)
        rates.push((await burst(hub, BURST_MS, GROUPS_ON_THE_WAY)).perSecond);
      return rates;
    } finally {
      await hub.close();
    }
  } finally {
    await program.kill9();
  }
}

async function openByteHub({ pid }: PeerProgram, port: number, dialect: Dialect): Promise<Hub> {
  const { steps, publish, received } = dialect;
  const subscribers = startChild("bench/fanout/subscribers.ts");
  const opened = await subscribers.ask(v.number(), {
    kind: "open-raw",
    port,
    count: SUBSCRIBERS,
    steps,
    bytesEach: received,
  });
  if (opened !== SUBSCRIBERS) throw new Error(`${opened} subscribers of ${SUBSCRIBERS}`);
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await greetRaw(socket, steps);
  let bytes = 0;
  let waiting = Promise.withResolvers<void>();
  socket.on("data", (chunk) => {
    bytes += chunk.length;
    waiting.resolve();
  });
  socket.once("close", () => waiting.reject(new Error("the peer closed the publisher's connection")));
  return {
    pid,
    subscribers,
    publisher: {
      publish: (count) => void socket.write(Buffer.concat(Array.from({ length: count }, () => publish))),
      seen: () => Math.floor(bytes / received),
      next() {
        waiting = Promise.withResolvers();
        return waiting.promise;
      },
    },
    async close() {
      socket.removeAllListeners("close").destroy();
      await subscribers.kill9();
    },
  };
}
