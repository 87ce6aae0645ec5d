/** The floor as a hub: a plain WebSocket says something to all. */
import { randomBytes } from "node:crypto";
import { startListening } from "../../e2e/rig/program.ts";
import { FRAME } from "../../shared/link/frames.ts";
import { createFrameWalk, maskedFrame } from "../bare-frames.ts";
import { openBareSocket, type BareSocket } from "../bare-socket.ts";
import { subscribe, type Hub, type Publisher } from "./hub.ts";

/** @param bytes of a message */
export async function openFloorHub(bytes: number): Promise<Hub> {
  const { program, url } = await startListening("bench/floor/fan-out.ts", {});
  try {
    const subscribers = await subscribe(url, null);
    const socket = await openBareSocket(url);
    return {
      pid: program.pid,
      subscribers,
      publisher: publisherOf(socket, Buffer.alloc(bytes, FRAME.tally)),
      async close() {
        socket.close();
        await subscribers.kill9();
        await program.kill9();
      },
    };
  } catch (error) {
    await program.kill9();
    throw error;
  }
}

function publisherOf(socket: BareSocket, payload: Uint8Array): Publisher {
  const framed = maskedFrame(payload, randomBytes(4));
  let seen = 0;
  let waiting = Promise.withResolvers<void>();
  socket.onBytes(
    createFrameWalk(() => {
      seen += 1;
      waiting.resolve();
    }),
  );
  void socket.ended.then((why) => waiting.reject(new Error(why)));
  return {
    publish: (count) => socket.write(Buffer.concat(Array.from({ length: count }, () => framed))),
    seen: () => seen,
    next() {
      waiting = Promise.withResolvers();
      return waiting.promise;
    },
  };
}
