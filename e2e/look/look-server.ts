/** A station as far as its screen can tell: the built page, a strict CSP and a scripted event stream over real HTTP. */
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import * as v from "valibot";
import { DemoTap, ScreenEvent, Touch } from "../../shared/events/stream.ts";

const PAGES = join(import.meta.dirname, "..", "..", "dist", "pages");
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".woff2": "font/woff2",
};

export interface LookServer {
  readonly url: string;
  /** What a screen that connects gets first. */
  readonly show: (snapshot: ScreenEvent) => void;
  readonly send: (event: ScreenEvent) => void;
  /** Bytes as they are, for what the schema does not allow. */
  readonly sendRaw: (text: string) => void;
  /** Cuts every stream and refuses new ones until `up` is true again. */
  readonly setLine: (up: boolean) => void;
  readonly taps: readonly DemoTap[];
  readonly touches: readonly Touch[];
  /** The status that touches are answered with from now on. */
  readonly answerTouches: (status: number) => void;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

export async function openLookServer(): Promise<LookServer> {
  if (!existsSync(join(PAGES, "station", "index.html"))) {
    throw new Error(`No built page in ${PAGES}. Run "npm run build:pages" first.`);
  }
  const streams = new Set<ServerResponse>();
  const taps: DemoTap[] = [];
  const touches: Touch[] = [];
  let touchStatus = 202;
  let snapshot: ScreenEvent | null = null;
  let up = true;
  let sequence = 0;
  const message = (event: ScreenEvent): string => {
    const { kind } = v.parse(ScreenEvent, event);
    sequence += 1;
    return `id: look-${sequence}\nevent: ${kind}\ndata: ${JSON.stringify(event)}\n\n`;
  };

  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://look").pathname);
    if (path === "/events") {
      if (!up) return void response.writeHead(503).end();
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write(snapshot === null ? ": hello\n\n" : message(snapshot));
      streams.add(response);
      return void response.on("close", () => streams.delete(response));
    }
    if (path === "/demo/taps") {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      return void request.on("end", () => {
        taps.push(v.parse(DemoTap, JSON.parse(body)));
        response.writeHead(202).end();
      });
    }
    if (path === "/touches") {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      return void request.on("end", () => {
        touches.push(v.parse(Touch, JSON.parse(body)));
        response.writeHead(touchStatus).end();
      });
    }
    const file = join(PAGES, path.endsWith("/") ? `${path}index.html` : path);
    if (!existsSync(file)) return void response.writeHead(path === "/favicon.ico" ? 204 : 404).end();
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-security-policy": CSP,
    });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the look server has no port");

  const cut = (): void => {
    for (const stream of streams) stream.destroy();
  };
  const write = (text: string): void => {
    for (const stream of streams) stream.write(text);
  };
  return {
    url: `http://127.0.0.1:${address.port}/station/`,
    show: (event) => (snapshot = event),
    send: (event) => write(message(event)),
    sendRaw: write,
    setLine: (next) => {
      up = next;
      if (!up) cut();
    },
    taps,
    touches,
    answerTouches: (status) => (touchStatus = status),
    connections: () => streams.size,
    close: () =>
      new Promise((resolve) => {
        cut();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
