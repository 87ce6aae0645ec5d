/** Who may use a route: said by each, checked here, before the body is read. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Admin } from "../admin/admin.ts";
import { ProblemError } from "./problem.ts";

export type RouteAccess = "public" | "organiser";

/** Longer than any token there is; keeps hashing cheap. */
const MAX_BEARER_LENGTH = 200;

/** The bearer token of a request (RFC 6750 §2.1); undefined when there is none. */
export function bearerOf(request: FastifyRequest): string | undefined {
  const [, token] = /^Bearer +([\w~+/.-]+=*)$/i.exec(request.headers.authorization ?? "") ?? [];
  return token !== undefined && token.length <= MAX_BEARER_LENGTH ? token : undefined;
}

/** Does the request come from the organiser? For routes that show more to them. */
export function isOrganiser(admin: Admin, request: FastifyRequest): boolean {
  const bearer = bearerOf(request);
  return bearer !== undefined && admin.isOrganiser(bearer);
}

/** Refuses a route's request without the access it asks for. A route that asks for none is a mistake. */
export function guardRoutes(app: FastifyInstance, admin: Admin): void {
  app.addHook("onRoute", ({ url, config }) => {
    if (config?.access === undefined) throw new Error(`the route ${url} does not say who may use it`);
  });
  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.access !== "organiser" || isOrganiser(admin, request)) return;
    const detail =
      request.headers.authorization === undefined
        ? "Log in with POST /api/v1/sessions and send its token as Authorization: Bearer."
        : "The token is unknown or has expired. Log in again with POST /api/v1/sessions.";
    throw new ProblemError("not-logged-in", detail, { headers: { "www-authenticate": "Bearer" } });
  });
}
