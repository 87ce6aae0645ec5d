/** The network between one station and its server, with a plug that can be pulled. */
import { connect, createServer, type Socket } from "node:net";

export interface Cable {
  /** What the station is told as its server's address. */
  readonly url: string;
  /** What is on its way is lost, and both sides notice at once. Whoever connects then is kept waiting. */
  pull(): void;
  /** Whoever waits gets through at once, without the back-off that a refused connection would earn. */
  plug(): void;
  close(): void;
}

/** A server that was killed is soon back. */
const RETRY_MS = 50;

/** @param server where the other end is, `http://127.0.0.1:…` */
export async function openCable(server: string): Promise<Cable> {
  const port = Number(new URL(server).port);
  let plugged = true;
  /** Ends at the station that are kept waiting. */
  const waiting = new Set<Socket>();
  /** From the end at the station to the end at the server. */
  const joined = new Map<Socket, Socket>();
  const lead = (near: Socket): void => {
    if (near.destroyed) return;
    if (plugged) join(near);
    else waiting.add(near);
  };
  const join = (near: Socket): void => {
    const far = connect(port, "127.0.0.1");
    let reached = false;
    joined.set(near, far);
    far.once("connect", () => {
      reached = true;
      near.pipe(far).pipe(near);
    });
    far.on("error", () => undefined);
    far.once("close", () => {
      joined.delete(near);
      if (reached) return void near.destroy();
      // Nobody listens there: the server is being started again, and the station need not know.
      return void setTimeout(() => lead(near), RETRY_MS);
    });
  };
  const listener = createServer({ pauseOnConnect: true }, (near) => {
    near.on("error", () => undefined);
    near.once("close", () => {
      waiting.delete(near);
      joined.get(near)?.destroy();
    });
    lead(near);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  // A test's process does not live on for it.
  listener.unref();
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("the cable has no end");
  const pull = () => {
    plugged = false;
    for (const far of joined.values()) far.destroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    pull,
    plug() {
      plugged = true;
      const held = [...waiting];
      waiting.clear();
      held.forEach(lead);
    },
    close() {
      pull();
      for (const near of [...waiting, ...joined.keys()]) near.destroy();
      listener.close();
    },
  };
}
