/** Somebody at the other end of a socket who is not quite pcscd: other versions, denials, silence. For tests only. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listOf, words } from "./answers.testing.ts";
import { RESULT } from "./messages.ts";

export interface PcscdDouble {
  readonly path: string;
  /** Requests heard: their command's number. */
  readonly heard: number[];
  /** Sends these bytes to everybody, asked or not. */
  say(bytes: Uint8Array): void;
  stop(): Promise<void>;
}

export interface Manner {
  /** The minor version that it insists on. */
  minor?: number;
  /** Hangs up as soon as somebody comes, as pcscd does with those whom polkit does not let in. */
  hangsUp?: boolean;
  /** Commands that it does not answer. */
  silentOn?: readonly number[];
  /** Commands that it answers with this instead. */
  answers?: ReadonlyMap<number, Uint8Array>;
}

const VERSION = 0x11;
const HEADER_BYTES = 8;

export async function startPcscdDouble(manner: Manner = {}): Promise<PcscdDouble> {
  const folder = mkdtempSync(join(tmpdir(), "polling-station-double-"));
  const path = join(folder, "pcscd.comm");
  const heard: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    if (manner.hangsUp === true) return void socket.destroy();
    let held = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => {
      held = Buffer.concat([held, bytes]);
      while (held.length >= HEADER_BYTES && held.length >= HEADER_BYTES + held.readUInt32LE(0)) {
        const end = HEADER_BYTES + held.readUInt32LE(0);
        const command = held.readUInt32LE(4);
        heard.push(command);
        const answer = answerTo(command, held.subarray(HEADER_BYTES, end), manner);
        if (answer !== null) socket.write(answer);
        held = held.subarray(end);
      }
    });
  });
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  return {
    path,
    heard,
    say(bytes) {
      for (const socket of sockets) socket.write(bytes);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answerTo(command: number, body: Buffer, { minor = 4, silentOn = [], answers }: Manner): Uint8Array | null {
  const other = answers?.get(command);
  if (other !== undefined) return other;
  if (silentOn.includes(command)) return null;
  switch (command) {
    case VERSION:
      return words(4, minor, body.readInt32LE(4) === minor ? 0 : RESULT.serviceStopped);
    case 0x01:
      return words(2, 0x1234, 0);
    case 0x13:
      return listOf([]);
    case 0x14:
      return words(0, 0);
    default:
      return null;
  }
}
