/** Who may see how the server is in full: whoever sits at its machine, the organiser, and a Prometheus with its token. */
import type { FastifyRequest } from "fastify";
import type { Admin } from "../admin/admin.ts";
import { bearerOf } from "./access.ts";
import { isLoopback } from "./hosts.ts";

export interface WatcherRules {
  admin: Pick<Admin, "isOrganiser">;
  isMetricsToken: (bearer: string) => boolean;
  boundTo: string;
  /** Names it is known by elsewhere: then a proxy stands on this machine, and what it passes on is not from here. */
  hostNames?: readonly string[] | undefined;
}

/** A proxy that does not hide itself says for whom it asks. */
const PASSED_ON = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

export function createWatcherRule({ admin, isMetricsToken, boundTo, hostNames = [] }: WatcherRules) {
  const onlyHere = isLoopback(boundTo) && hostNames.length === 0;
  return (request: FastifyRequest): boolean => {
    if (onlyHere && isLoopback(request.ip) && PASSED_ON.every((name) => request.headers[name] === undefined))
      return true;
    const bearer = bearerOf(request);
    return bearer !== undefined && [isMetricsToken(bearer), admin.isOrganiser(bearer)].some(Boolean);
  };
}
