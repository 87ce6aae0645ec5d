/** `/operator/…`: the panel's door, its state as server-sent events, and its actions. All but the door need a session. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as v from "valibot";
import { PanelAction, PinEntry, type PanelAccess } from "../../shared/events/operator.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { isOwnPage } from "../screen/own-page.ts";
import { refused } from "./refusal.ts";
import type { Operator } from "./operator.ts";

/** Two readers' ids and a name, all of them in letters of several bytes. */
const MAX_BODY_BYTES = 8_192;
/** Proxies and browsers give up on silence; this is well within their patience. */
const KEEP_ALIVE_MS = 15_000;
/** Only what is below `/operator` is told it. */
const COOKIE = "station-operator";
/** 43 characters are 32 bytes in base64url. */
const SESSION = new RegExp(`(?:^|;\\s*)${COOKIE}=([A-Za-z0-9_-]{43})(?:;|$)`);
/** Not to be found in a cache, and not to be had twice. */
const FRESH = { "Cache-Control": "no-store" };

export interface OperatorRoutes {
  operator: Operator;
  setTicker: (run: () => void, everyMs: number) => () => void;
}

export function addOperatorRoutes(http: FastifyInstance, { operator, setTicker }: OperatorRoutes): void {
  // Requests that only look are refused to other pages too: one that looks takes a place.
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    const { origin, host, "sec-fetch-site": site } = request.headers;
    void reply.headers(FRESH);
    if (isOwnPage({ origin, host, site: typeof site === "string" ? site : undefined })) return undefined;
    return reply.code(403).send({ error: "Only this station's own page may ask here." });
  };
  const options = { onRequest, bodyLimit: MAX_BODY_BYTES };

  http.get("/operator/access", options, (request): PanelAccess => operator.access(sessionOf(request)));
  http.post("/operator/session", options, async (request, reply) => {
    const entry = v.safeParse(PinEntry, request.body);
    if (!entry.success)
      return reply.code(400).send(refused(say("malformed-pin", { message: entry.issues[0].message })));
    const entered = await operator.enter(entry.output.pin);
    switch (entered.kind) {
      case "in": {
        const access: PanelAccess = { state: "in" };
        return reply.header("Set-Cookie", cookie(entered.session)).send(access);
      }
      case "out":
        return reply.send(entered.access);
      case "refused":
        return reply.code(409).send(entered.refusal);
      case "busy":
        return reply.code(503).header("Retry-After", "1").send(BUSY);
    }
  });
  http.post("/operator/actions", options, async (request, reply) => {
    const action = v.safeParse(PanelAction, request.body);
    if (!action.success)
      return reply.code(400).send(refused(say("malformed-action", { message: action.issues[0].message })));
    const refusal = await operator.act(sessionOf(request), action.output);
    if (refusal === undefined) return reply.code(401).send(OUT);
    return refusal === null ? reply.code(204).send() : reply.code(409).send(refusal);
  });
  http.get("/operator/events", options, (request, reply) => stream(operator, setTicker, request, reply));
}

const OUT = refused(say("not-in"));
const BUSY = refused(say("pin-busy"));
const FULL = refused(say("panel-full"));

function cookie(session: string): string {
  return `${COOKIE}=${session}; Path=/operator; HttpOnly; SameSite=Strict`;
}

function sessionOf({ headers }: FastifyRequest): string | undefined {
  return SESSION.exec(headers.cookie ?? "")?.[1];
}

function stream(
  operator: Operator,
  setTicker: OperatorRoutes["setTicker"],
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { raw } = reply;
  const pieces: string[] = [];
  let end = () => {};
  let write = (text: string) => void pieces.push(text);
  const looking = operator.look(
    sessionOf(request),
    { write: (text) => write(text), waitingBytes: () => raw.writableLength },
    () => end(),
  );
  if (looking === "out") return reply.code(401).send(OUT);
  if (looking === "full") return reply.code(503).send(FULL);
  reply.header("Content-Type", "text/event-stream").header("X-Accel-Buffering", "no");
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  reply.hijack();
  // Gone already: it would never be heard of again.
  if (raw.destroyed) {
    looking.leave();
    return reply;
  }
  raw.socket?.setNoDelay(true);
  write = (text) => void raw.write(text);
  raw.write(pieces.join(""));
  const stopTicker = setTicker(() => raw.write(":\n\n"), KEEP_ALIVE_MS);
  const leave = () => {
    stopTicker();
    looking.leave();
  };
  end = () => {
    // First: whatever is written after the end would end the program.
    leave();
    raw.end();
  };
  raw.on("drain", looking.onRoom);
  raw.on("close", leave);
  return reply;
}
