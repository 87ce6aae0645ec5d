/**
 * The page in the double's window: it really fetches the station's page and its first snapshot, runs the real preload
 * script as the sandbox would, and speaks through what that gave it.
 */
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import * as v from "valibot";
import { HOST_NAME, parseHostMessage } from "../../shared/host/messages.ts";
import { tell } from "./tell.ts";

const Doors = v.record(v.string(), v.unknown());
const World = v.object({ tell: v.function(), listen: v.function() });

interface PageEnds {
  address: string;
  preload: string;
  /** What the page sends, as the shell's side gets it. */
  send: (channel: string, ...args: unknown[]) => void;
}

export interface DoublePage {
  /** From the shell. */
  hear(channel: string, text: unknown): void;
  /** It says nothing any more. */
  hang(): void;
}

/** Load it. @param mute it never says a word, as a page whose script failed */
export async function loadPage({ address, preload, send }: PageEnds, mute: boolean): Promise<DoublePage> {
  const fromShell = new EventEmitter();
  const world = runPreload(preload, fromShell, send);
  const { next, cookie } = await fetchPage(address);
  tell({ kind: "snapshot", ...(await firstEvent(new URL("/events", next), cookie)) });
  let sequence = 0;
  let ticker: NodeJS.Timeout | undefined;
  const say = (message: object) => {
    if (mute) return;
    world.tell(JSON.stringify(message));
    tell({ kind: "said", message });
  };
  world.listen((...args: unknown[]) => {
    // One text and nothing besides: an event would hand the page the renderer's own end.
    const message = args.length === 1 ? parseHostMessage(args[0]) : undefined;
    tell({ kind: "told", message: message ?? null });
    if (message === undefined) return;
    clearInterval(ticker);
    ticker = setInterval(() => say({ kind: "alive", sequence: ++sequence }), message.aliveEveryMs);
  });
  setImmediate(() => say({ kind: "ready" }));
  return { hear: (channel, text) => void fromShell.emit(channel, {}, text), hang: () => clearInterval(ticker) };
}

/** In a sandbox there is Electron's two modules and nothing else to require. */
function runPreload(file: string, fromShell: EventEmitter, send: PageEnds["send"]): v.InferOutput<typeof World> {
  const exposed = new Map<string, unknown>();
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, api: unknown) => void exposed.set(name, api) },
    ipcRenderer: { send, on: (channel: string, listener: () => void) => void fromShell.on(channel, listener) },
  };
  const require = (name: string) => {
    if (name !== "electron") throw new Error(`module not found in the sandbox: ${name}`);
    return electron;
  };
  runInNewContext(readFileSync(file, "utf8"), { require });
  const world = v.parse(World, exposed.get(HOST_NAME));
  tell({ kind: "exposed", names: [...exposed.keys()], doors: Object.keys(v.parse(Doors, exposed.get(HOST_NAME))) });
  return world;
}

/** As a browser would: a redirect is asked about, followed with its cookie, and the page is shown. */
async function fetchPage(address: string): Promise<{ next: URL; cookie: string }> {
  const first = await fetch(address, { redirect: "manual" });
  const next = new URL(first.headers.get("location") ?? "/nowhere", address);
  const [cookie = ""] = first.headers.getSetCookie()[0]?.split(";") ?? [];
  const page = await fetch(next, { headers: { cookie } });
  const stranger = await fetch(next);
  const { origin, pathname } = next;
  const type = page.headers.get("content-type");
  tell({ kind: "loaded", origin, pathname, status: page.status, type, strangers: stranger.status });
  return { next, cookie };
}

/** Its id names the run of the station. */
async function firstEvent(url: URL, cookie: string): Promise<{ run: string; data: unknown }> {
  const stream = await fetch(url, { headers: { cookie } });
  let text = "";
  for await (const chunk of stream.body ?? []) {
    text += Buffer.from(chunk).toString();
    const [, run, data] = /^id: (\w+)-\d+\n[^]*?^data: (.*)\n\n/m.exec(text) ?? [];
    // Leaving the loop closes the stream.
    if (run !== undefined && data !== undefined) return { run, data: JSON.parse(data) };
  }
  throw new Error(`no snapshot in: ${text}`);
}
