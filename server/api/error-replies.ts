/** Whatever goes wrong on the way to a route or in it, said as a problem. */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PROBLEM_MEDIA_TYPE } from "../../shared/api/problem.ts";
import { SecretFileFault } from "../files/secret-file.ts";
import { LedgerFailed } from "../ledger/ledger.ts";
import { TextsFault } from "../texts/texts.ts";
import { MAX_BODY_BYTES } from "./limits.ts";
import { ProblemError, problemBody, sendProblem } from "./problem.ts";
import { RequestFaults } from "./valibot-schemas.ts";

/** Without a piece of the body, which parsers like to quote: it may hold a password or a tag. */
const NO_JSON = "The body is announced as JSON and is none. Check quotes and commas.";

/** Fastify's codes (https://fastify.dev/docs/latest/Reference/Errors/) as problems. */
function problemOf(error: unknown, bodyLimit: number): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof RequestFaults) return faultsProblem(error);
  if (error instanceof TextsFault || error instanceof SecretFileFault || error instanceof LedgerFailed)
    return new ProblemError("not-stored", error.message);
  switch (codeOf(error)) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new ProblemError("body-too-large", `The largest body taken here is ${bodyLimit} bytes. Send less.`, {
        // Else what is left of it would be read, and thrown away.
        headers: { connection: "close" },
      });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new ProblemError("unsupported-media-type", "Send the body as JSON, with Content-Type: application/json.");
    case "FST_ERR_CTP_INVALID_JSON_BODY":
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return new ProblemError("malformed-json", NO_JSON);
    case "FST_ERR_BAD_URL":
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return new ProblemError("malformed-request", "The address or its length is not well formed. Check its escapes.");
    case "FST_ERR_MAX_PARAM_LENGTH":
      return new ProblemError("malformed-request", "A part of the address is longer than any id. Check the address.");
    default:
      // Fastify's parsers throw a plain SyntaxError with a status for JSON that does not parse.
      if (error instanceof SyntaxError && "statusCode" in error && error.statusCode === 400) {
        return new ProblemError("malformed-json", NO_JSON);
      }
      return new ProblemError("internal-error", "This is a bug or a broken machine; the server's log says more.");
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function faultsProblem({ faults }: RequestFaults): ProblemError {
  const slug = faults.some((fault) => fault.in === "body") ? "invalid-body" : "invalid-request";
  const lines = faults.map((fault) => `${fault.in} ${fault.pointer || "/"}: ${fault.detail}`);
  return new ProblemError(slug, `${lines.join("; ")}. See /openapi.json for what is asked.`, { errors: faults });
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]);

/** Method and pattern of a request's route: there are as many as there are routes, where addresses may hold anything. */
export function routeOf({ method, routeOptions }: FastifyRequest): string {
  return `${METHODS.has(method) ? method : "OPTIONS"} ${routeOptions?.url ?? "?"}`;
}

/** Sends what a route threw; what was nobody's expectation is reported. */
export function replyToError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  failed: (route: string, error: unknown) => void,
): FastifyReply {
  const problem = problemOf(error, request.routeOptions?.bodyLimit ?? MAX_BODY_BYTES);
  if (problem.slug === "internal-error") {
    failed(routeOf(request), error);
  }
  return sendProblem(reply, problem);
}

/** Answers for addresses that are nobody's: 405 with what is allowed there, else 404. Call before routes are added. */
export function replyToUnknown(app: FastifyInstance): void {
  const routes: { path: RegExp; methods: string[] }[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    // `*` ends static files' paths and would make every address known.
    if (url.includes("*")) return;
    const path = new RegExp(`^${url.replaceAll(/[.]/g, "\\.").replaceAll(/:[a-z]+/gi, "[^/]+")}$`);
    routes.push({ path, methods: [method].flat() });
  });
  app.setNotFoundHandler((request, reply) => {
    const [path = ""] = request.url.split("?", 1);
    const allowed = new Set(routes.filter((route) => route.path.test(path)).flatMap((route) => route.methods));
    if (allowed.size === 0) {
      const detail = `There is nothing at ${path}. What there is, is in /openapi.json.`;
      return sendProblem(reply, new ProblemError("not-found", detail));
    }
    const allow = [...allowed].join(", ");
    const detail = `${path} takes ${allow}, not ${request.method}.`;
    return sendProblem(reply, new ProblemError("method-not-allowed", detail, { headers: { allow } }));
  });
}

/** For bytes that never became a request: there is no reply yet, only the socket. `headers` are those of every reply. */
export function replyToBrokenRequest(
  error: Error & { code?: string },
  socket: Socket,
  headers: Readonly<Record<string, string>>,
): void {
  // Before the handshake is done nothing can be said: what is written would wait for it, and hold the socket, for ever.
  const isDeaf = socket instanceof TLSSocket && socket.getFinished() === undefined;
  if (error.code === "ECONNRESET" || !socket.writable || isDeaf) return void socket.destroy();
  const problem = brokenRequest(error.code ?? "");
  const body = JSON.stringify(problemBody(problem, ""));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${problem.statusCode} ${problem.slug}\r\nConnection: close\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n${lines.join("")}\r\n${body}`,
    // Whoever keeps its half open after this would hold the socket.
    () => socket.destroySoon(),
  );
}

function brokenRequest(code: string): ProblemError {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new ProblemError("request-timeout", "The request did not arrive in time. Send it again on a better line.");
    case "HPE_HEADER_OVERFLOW":
      return new ProblemError("headers-too-large", "The headers are larger than 16 KiB. Send fewer or shorter ones.");
    default:
      return new ProblemError(
        "malformed-request",
        "These bytes are not HTTP/1.1. For TLS, use https:// in the address.",
      );
  }
}
