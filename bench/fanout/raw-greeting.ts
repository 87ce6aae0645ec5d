/** Saying hello to any server: send this, wait until that came, and so on. */
import type { Socket } from "node:net";
import * as v from "valibot";

/** Bytes as Latin-1. `until` is what the last bytes of the answer are, or hold. */
export const Step = v.object({ send: v.string(), until: v.string() });
export type Step = v.InferOutput<typeof Step>;

/** Resolves when the last step was answered; what comes later is for whoever listens then. */
export async function greetRaw(socket: Socket, steps: readonly Step[]): Promise<void> {
  for (const { send, until } of steps) {
    await new Promise<void>((resolve, reject) => {
      let heard = "";
      const onData = (chunk: Buffer) => {
        heard += chunk.toString("latin1");
        if (!heard.includes(until)) return;
        socket.off("data", onData).off("error", reject).off("close", onClose);
        resolve();
      };
      const onClose = () => reject(new Error(`the peer closed after ${JSON.stringify(heard)}`));
      socket.on("data", onData).once("error", reject).once("close", onClose);
      socket.write(Buffer.from(send, "latin1"));
    });
  }
}
