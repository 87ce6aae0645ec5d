/** The server's HTTP side, put together. What each route does is told by `/openapi.json`. */
import { createServer as createHttpServer, type ServerOptions } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import rateLimit from "@fastify/rate-limit";
import fastify, { LogController, type FastifyInstance, type FastifyServerFactory } from "fastify";
import { createThrottle } from "../admin/throttle.ts";
import { guardRoutes } from "./access.ts";
import { boundConnections } from "./connections.ts";
import { createCursorWait } from "./cursor-wait.ts";
import { replyToBrokenRequest, replyToError, replyToUnknown, routeOf } from "./error-replies.ts";
import { hostAllowed, hostsIn } from "./hosts.ts";
import {
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_MS,
  MAX_BODY_BYTES,
  MAX_CONNECTIONS,
  MAX_REQUESTS,
  MAX_WAITING_CONNECTIONS,
  REQUESTS_WINDOW_MS,
  REQUEST_TIMEOUT_MS,
  TIMEOUT_CHECK_MS,
  TLS_HANDSHAKE_MS,
} from "./limits.ts";
import { registerOpenApi } from "./openapi.ts";
import type { Api, ApiParts, RouteParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";
import { parseJsonBodies } from "./json-bodies.ts";
import { addAccessRoutes } from "./routes/access-routes.ts";
import { addAddressRoutes } from "./routes/address-routes.ts";
import { addBranchRoutes } from "./routes/branch-routes.ts";
import { addCertifyRoutes } from "./routes/certify-routes.ts";
import { addEventRoutes } from "./routes/event-routes.ts";
import { addPollRoutes } from "./routes/poll-routes.ts";
import { addReaderRoutes } from "./routes/reader-routes.ts";
import { addRollRoutes } from "./routes/roll-routes.ts";
import { addRoundRoutes } from "./routes/round-routes.ts";
import { addSetUpPage } from "./routes/setup-page.ts";
import { addStationRoutes } from "./routes/station-routes.ts";
import { addTallyRoutes } from "./routes/tally-routes.ts";
import { addWatchRoutes } from "./routes/watch-routes.ts";
import { securityHeaders } from "./security-headers.ts";
import { compileValidator, type ValibotTypes } from "./valibot-schemas.ts";

export type { ApiParts } from "./parts.ts";

/**
 * The API over its parts. Call `listen` (or `ready`) on it, attach the WebSocket's upgrade to its `server`, and `close`
 * it to stop: live streams are ended first.
 */
export function createApi(parts: ApiParts): FastifyInstance {
  const headers = securityHeaders(parts.tls !== undefined);
  const { watch } = parts;
  const app: FastifyInstance = fastify({
    serverFactory: serverFactory(parts.tls),
    // Whatever Fastify would say of a request may quote it; what is said of the API, the journal says.
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: false },
    frameworkErrors: (error, request, reply) => void replyToError(error, request, reply.headers(headers), watch.failed),
    clientErrorHandler: (error, socket) => replyToBrokenRequest(error, socket, headers),
  });
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler((error, request, reply) => replyToError(error, request, reply, watch.failed));
  app.removeContentTypeParser("text/plain");
  parseJsonBodies(app);

  app.addHook("onRequest", async (request, reply) => {
    reply.headers(headers);
    // Node takes the first of several, and whatever is in between may have taken the last (RFC 9112 §3.2).
    if (hostsIn(request.raw.rawHeaders) > 1) {
      throw new ProblemError("malformed-request", "There is more than one Host header. Send one.", {
        headers: { connection: "close" },
      });
    }
    if (hostAllowed(request.headers.host, parts.boundTo, parts.hostNames)) return;
    throw new ProblemError("misdirected-host", "Call it as localhost or 127.0.0.1, or start it with --host.");
  });
  app.addHook("onResponse", async (request, reply) => watch.replied(routeOf(request), reply.statusCode));
  replyToUnknown(app);
  guardRoutes(app, parts.admin);
  void app.register(rateLimit, {
    max: MAX_REQUESTS,
    timeWindow: REQUESTS_WINDOW_MS,
    errorResponseBuilder: (_request, { ttl }) => {
      return new ProblemError("too-many-requests", "Ask less often; live results come by /events.", {
        retryAfterS: ttl / 1000,
      });
    },
  });
  registerOpenApi(app);
  void app.register(async (scope) => addRoutes(scope.withTypeProvider<ValibotTypes>(), parts));
  return app;
}

function addRoutes(app: Api, parts: ApiParts): void {
  const routeParts: RouteParts = {
    ...parts,
    cursors: createCursorWait(parts.ledger, parts.cursorWaitMs),
    enrolments: createThrottle(parts.clock),
  };
  void app.register(
    async (scope) => {
      const v1 = scope.withTypeProvider<ValibotTypes>();
      addAccessRoutes(v1, routeParts);
      addAddressRoutes(v1, routeParts);
      addPollRoutes(v1, routeParts);
      addTallyRoutes(v1, routeParts);
      addCertifyRoutes(v1, routeParts);
      addRoundRoutes(v1, routeParts);
      addStationRoutes(v1, routeParts);
      addReaderRoutes(v1, routeParts);
      addBranchRoutes(v1, routeParts);
      addRollRoutes(v1, routeParts);
      addEventRoutes(v1, routeParts);
    },
    { prefix: "/api/v1" },
  );
  addWatchRoutes(app, routeParts);
  addSetUpPage(app);
  app.get("/openapi.json", { schema: { hide: true }, config: { access: "public" } }, () => app.swagger());
}

function serverFactory(tls: ApiParts["tls"]): FastifyServerFactory {
  const options: ServerOptions = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
  };
  const secure = { ...options, ...tls, minVersion: "TLSv1.2", handshakeTimeout: TLS_HANDSHAKE_MS } as const;
  return (listener) => {
    const server = tls === undefined ? createHttpServer(options, listener) : createHttpsServer(secure, listener);
    boundConnections(server, { most: MAX_CONNECTIONS, mostWaiting: MAX_WAITING_CONNECTIONS });
    return server;
  };
}
