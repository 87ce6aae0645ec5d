/** What somebody else's program does for the same task, where it is installed. None of them is needed. */
import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import { findOnPath } from "../../build/on-path.ts";
import { atEnd } from "../../e2e/rig/at-end.ts";
import { until } from "../../e2e/rig/within.ts";
import type { RowName } from "../rows.ts";

export interface Peer {
  name: string;
  /** The row of ours that it stands beside. */
  row: RowName;
  /** How many times as much ours is to do; null where it is only reported. */
  atLeast: number | null;
  /** Its program; undefined where it is not installed. */
  find(): string | undefined;
  /** In the row's unit, one of each round. */
  measure(program: string): Promise<number[]>;
}

export interface PeerProgram {
  pid: number;
  /** All it said, on both ways. */
  said(): string;
  kill9(): Promise<void>;
}

export interface PeerOptions {
  /** Whom it runs as; left out, as we do. */
  uid?: number;
  gid?: number;
  /** It is ready when it has said this. */
  ready: RegExp;
}

const START_MS = 20_000;
/** Where distributions keep what only root starts; not in everybody's PATH. */
const SYSTEM_FOLDERS = "/usr/sbin:/usr/local/sbin:/sbin";

/** Where a server's program lies, else undefined. */
export function findServer(name: string): string | undefined {
  return findOnPath(name) ?? findOnPath(name, SYSTEM_FOLDERS);
}

const running = new Set<ChildProcess>();
atEnd(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** Start one, and wait until it is ready. Throws with what it said instead; it is then gone. */
export async function startPeer(program: string, args: readonly string[], options: PeerOptions): Promise<PeerProgram> {
  const { ready, ...who } = options;
  const child = spawn(program, [...args], { ...who, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  let gone = false;
  const exited = new Promise<void>((resolve) => {
    const end = () => {
      gone = true;
      running.delete(child);
      resolve();
    };
    child.once("exit", end).once("error", end);
  });
  const kill9 = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  const isUp = () => {
    if (gone) throw new Error(`${program} ended:\n${said}`);
    return ready.test(said);
  };
  try {
    await until(`${program} to be ready`, isUp, START_MS);
  } catch (cause) {
    await kill9();
    throw new Error(`${program} did not come up:\n${said}`, { cause });
  }
  return { pid: child.pid ?? 0, said: () => said, kill9 };
}

/** A port that was free just now, for programs that cannot pick one and say which. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
