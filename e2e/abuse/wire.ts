/** Raw bytes to a program, as no decent client would send them. */
import { connect, type Socket } from "node:net";
import { within } from "../rig/within.ts";

export interface Wire {
  readonly socket: Socket;
  /** Everything that came so far. */
  heard(): string;
  ended(): boolean;
  write(text: string | Uint8Array): void;
  /** Resolves when the other side has ended it, with all it said. */
  end(limitMs?: number): Promise<string>;
}

/** Everything a test opened, to be cut at its end. */
const sockets = new Set<Socket>();

export function cutAll(): void {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
}

/** Another address of this computer, as if another computer called; only Linux has all of 127.0.0.0/8. */
const ELSEWHERE = process.platform === "linux" ? { localAddress: "127.0.0.2" } : {};

/** @param url of the program, on 127.0.0.1. Resolves once connected. */
export async function dial(url: string, first: string | Uint8Array = "", from: object = {}): Promise<Wire> {
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", ...from });
  sockets.add(socket);
  let heard = "";
  let ended = false;
  socket.on("data", (data: Buffer) => (heard += data.toString("latin1")));
  socket.on("error", () => (ended = true));
  const gone = new Promise<void>((resolve) => {
    socket.once("close", () => {
      ended = true;
      sockets.delete(socket);
      resolve();
    });
  });
  await new Promise<void>((resolve) => {
    socket.once("connect", () => resolve());
    socket.once("close", () => resolve());
  });
  if (first !== "") socket.write(first);
  return {
    socket,
    heard: () => heard,
    ended: () => ended,
    write: (text) => void (socket.writable && socket.write(text)),
    async end(limitMs = 20_000) {
      await within(limitMs, "the other side to end it", gone);
      return heard;
    },
  };
}

/** Many of them, from elsewhere: some at a time, as the system's queue of connections is not endless. */
export async function dialMany(count: number, url: string, first: string): Promise<Wire[]> {
  const wires: Wire[] = [];
  while (wires.length < count) {
    const some = Array.from({ length: Math.min(100, count - wires.length) }, () => dial(url, first, ELSEWHERE));
    wires.push(...(await Promise.all(some)));
  }
  return wires;
}

/** The status of each answer in what was heard. */
export function statusesOf(heard: string): number[] {
  return [...heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
