/** The station's local HTTP server: the page, its event stream, health, and in demo mode the virtual readers. */
import fastifyStatic from "@fastify/static";
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { existsSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import * as v from "valibot";
import { DemoTap, type Touch } from "../../shared/events/stream.ts";
import { StationUnusable } from "../files/station-unusable.ts";
import type { TouchAnswer } from "../ballot/touch-votes.ts";
import { addOperatorRoutes, type OperatorRoutes } from "../operator/routes.ts";
import { isLocalHost } from "./local-host.ts";
import { isOwnPage, type Sender } from "./own-page.ts";
import { createPageGate } from "./page-gate.ts";
import type { Screen } from "./screen.ts";
import { addTouchRoutes } from "./touch-routes.ts";
import { createTurnWrites } from "./turn-writes.ts";
import { addWatchRoutes, type WatchRoutes } from "./watch-routes.ts";

/** Proxies and browsers give up on silence; this is well within their patience. */
const KEEP_ALIVE_MS = 15_000;
/** The only bodies taken are a virtual tap and a touch. */
const MAX_BODY_BYTES = 1_024;
/** From a program on the same computer a request comes in one piece. */
const REQUEST_TIMEOUT_MS = 5_000;
/** How often Node looks for requests past that. */
const TIMEOUT_CHECK_MS = 2_000;
/** 64 screens with the six connections a browser makes each; a program that opens more and more is left outside. */
const MAX_CONNECTIONS = 400;

/** Nothing but what the station itself serves; no inline code, no other origin, no framing. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export interface HttpSurroundings {
  screen: Screen;
  /** Folder of the built pages. */
  pages: string;
  watch: WatchRoutes;
  /** Present in demo mode only. */
  demoTap: ((tap: DemoTap) => void) | null;
  touched: (touch: Touch) => TouchAnswer;
  operator: OperatorRoutes["operator"];
  setTicker: (run: () => void, everyMs: number) => () => void;
  /** Only a page opened with it may ask; undefined: any browser on this computer. */
  token: string | undefined;
}

/** Make the server; the caller listens. Throws `StationUnusable` when the pages were not built. */
export async function createHttp(around: HttpSurroundings): Promise<FastifyInstance> {
  const page = join(around.pages, "station", "index.html");
  if (!existsSync(page)) {
    throw new StationUnusable("no-page", `The kiosk page is not built (${page} is missing). Run: npm run build:pages`);
  }
  const http = fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
    // What never became a request has no hooks.
    frameworkErrors: (_error, _request, reply) => refuseAddress(reply.headers(SECURITY_HEADERS)),
  });
  http.server.maxConnections = MAX_CONNECTIONS;
  http.addHook("onRequest", async (request, reply) => {
    void reply.headers(SECURITY_HEADERS);
    // A page of the wide web must not reach the station through a name that it points here.
    if (!isLocalHost(request.headers.host)) {
      return reply.code(421).send({ error: "Ask for this station by localhost or 127.0.0.1." });
    }
    // Nor make a browser here vote, or work the station, for it.
    if (request.method !== "GET" && request.method !== "HEAD" && !isOwnPage(senderOf(request.headers))) {
      return reply.code(403).send({ error: "Only this station's own page may do that." });
    }
    return undefined;
  });
  // What a form of any page may send: everything here is JSON.
  http.removeContentTypeParser("text/plain");
  if (around.token !== undefined) guardPage(http, around.token);
  await http.register(fastifyStatic, {
    root: join(around.pages, "assets"),
    prefix: "/assets/",
    immutable: true,
    maxAge: "365d",
    decorateReply: true,
  });
  // The page names its assets by their hash; the page itself is asked for anew each time.
  http.get("/", (_request, reply) =>
    reply.header("Cache-Control", "no-store").sendFile("station/index.html", around.pages, { cacheControl: false }),
  );
  addWatchRoutes(http, around.watch);
  http.get("/events", (request, reply) => {
    const last = request.headers["last-event-id"];
    const text = typeof last === "string" ? last : undefined;
    return streamEvents(around, reply, text);
  });
  addTouchRoutes(http, around.touched);
  addOperatorRoutes(http, around);
  const { demoTap } = around;
  if (demoTap !== null) {
    http.post("/demo/taps", (request, reply) => {
      const tap = v.safeParse(DemoTap, request.body);
      if (!tap.success) return reply.code(400).send({ error: `Not a tap: ${tap.issues[0].message}` });
      demoTap(tap.output);
      return reply.code(202).send();
    });
  }
  return http;
}

const SECURITY_HEADERS = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
};

function senderOf(headers: IncomingHttpHeaders): Sender {
  const site = headers["sec-fetch-site"];
  return { origin: headers.origin, host: headers.host, site: typeof site === "string" ? site : undefined };
}

function refuseAddress(reply: FastifyReply): void {
  void reply.code(400).send({ error: "This address is not well formed." });
}

function guardPage(http: FastifyInstance, token: string): void {
  const judge = createPageGate(token);
  http.addHook("onRequest", async ({ method, url, headers }, reply) => {
    const answer = judge({ method, url, cookie: headers.cookie });
    switch (answer.kind) {
      case "pass":
        return undefined;
      case "welcome":
        return reply.headers({ "Set-Cookie": answer.setCookie, "Cache-Control": "no-store" }).redirect("/", 303);
      case "refuse":
        return reply.code(403).send({ error: "Only this station's own window may ask here." });
    }
  });
}

function streamEvents({ screen, setTicker }: HttpSurroundings, reply: FastifyReply, lastEventId: string | undefined) {
  if (screen.full()) return reply.code(503).send({ error: "Too many screens look at this station." });
  const { raw } = reply;
  reply.hijack();
  // Gone already: it would never be heard of again.
  if (raw.destroyed) return reply;
  raw.socket?.setNoDelay(true);
  raw.writeHead(200, {
    ...SECURITY_HEADERS,
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
  });
  const turn = createTurnWrites((text) => {
    // What waited here has gone on; when the socket took it all there is no "drain" to wait for.
    if (raw.write(text)) looking.onRoom();
  });
  const looking = screen.join(
    { write: turn.write, waitingBytes: () => turn.waiting() + raw.writableLength },
    lastEventId,
  );
  const stopTicker = setTicker(() => turn.write(":\n\n"), KEEP_ALIVE_MS);
  raw.on("drain", looking.onRoom);
  raw.on("close", () => {
    stopTicker();
    turn.stop();
    looking.leave();
  });
  return reply;
}

/** Listen on loopback; resolves with the page's address. Throws `StationUnusable` when the port is taken. */
export async function listenLocally(http: FastifyInstance, port: number): Promise<string> {
  try {
    return await http.listen({ host: "127.0.0.1", port });
  } catch (error) {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!taken) throw error;
    throw new StationUnusable(
      "port-in-use",
      `Port ${port} is in use. Stop the program that uses it, or name another with --port (0 picks a free one).`,
      { cause: error },
    );
  }
}
