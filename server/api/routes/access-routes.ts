/** Logging in and out, and the first password. */
import { LogIn, Session, SetUp } from "../../../shared/api/access.ts";
import * as v from "valibot";
import { bearerOf } from "../access.ts";
import type { Api, RouteParts } from "../parts.ts";
import { ProblemError } from "../problem.ts";
import { timestamp } from "../views.ts";

const NOT_SET_UP =
  "Open the set-up link that the server printed when it started, or set POLLING_STATION_ADMIN_PASSWORD.";

export function addAccessRoutes(app: Api, { admin }: RouteParts): void {
  app.post(
    "/sessions",
    {
      schema: {
        operationId: "logIn",
        summary: "Log in with the organiser's password",
        tags: ["access"],
        body: LogIn,
        response: { 201: Session },
      },
      config: { access: "public", problems: ["wrong-password", "not-set-up", "too-many-attempts"] },
    },
    async (request, reply) => {
      const loggedIn = await admin.logIn(request.body.password, request.ip);
      if (loggedIn.ok) {
        return reply.code(201).send({ token: loggedIn.token, expiresAt: timestamp(loggedIn.expiresAtMs) });
      }
      switch (loggedIn.why) {
        case "not-set-up":
          throw new ProblemError("not-set-up", NOT_SET_UP);
        case "wrong-password":
          throw new ProblemError(
            "wrong-password",
            "Check capital letters and the keyboard's language, then try again.",
          );
        case "too-many-attempts": {
          const retryAfterS = Math.ceil(loggedIn.retryAfterMs / 1000);
          throw new ProblemError("too-many-attempts", `Wait ${retryAfterS} s, then try again.`, { retryAfterS });
        }
      }
    },
  );

  app.delete(
    "/sessions/current",
    {
      schema: {
        operationId: "logOut",
        summary: "Log out: the token sent is no longer good",
        tags: ["access"],
        response: { 204: v.undefined() },
      },
      config: { access: "organiser" },
    },
    async (request, reply) => {
      const bearer = bearerOf(request);
      if (bearer !== undefined) admin.logOut(bearer);
      return reply.code(204).send();
    },
  );

  app.post(
    "/setup",
    {
      schema: {
        operationId: "setUp",
        summary: "Set the first password with the token of the set-up link",
        tags: ["access"],
        body: SetUp,
        response: { 204: v.undefined() },
      },
      config: { access: "public", problems: ["wrong-setup-token", "already-set-up", "not-stored"] },
    },
    async (request, reply) => {
      const set = await admin.setUp(request.body.token, request.body.password);
      if (set.ok) return reply.code(204).send();
      if (set.why === "already-set-up") {
        throw new ProblemError("already-set-up", "Log in with the password that was set. Nothing was changed.");
      }
      throw new ProblemError("wrong-setup-token", "Use the link that the server printed when it last started.");
    },
  );
}
