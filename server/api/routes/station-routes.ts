/** Stations: who is there, and admitting one by the code on its screen. */
import { ReadQuery } from "../../../shared/api/cursor.ts";
import { Enrolled, Enrolment, StationList } from "../../../shared/api/stations.ts";
import { readCode } from "../../../shared/link/handshake.ts";
import { appendAct, etag, expectedCursor } from "../acts.ts";
import type { Api, RouteParts } from "../parts.ts";
import { ProblemError } from "../problem.ts";
import { showStations } from "../station-views.ts";

export function addStationRoutes(app: Api, { ledger, texts, presence, cursors, enrolments }: RouteParts): void {
  app.get(
    "/stations",
    {
      schema: {
        operationId: "listStations",
        summary: "Stations admitted, and those that wait to be",
        tags: ["stations"],
        querystring: ReadQuery,
        response: { 200: StationList },
      },
      config: { access: "organiser", problems: ["cursor-not-reached", "busy"] },
    },
    async (request, reply) => {
      const standing = await cursors.standing(request.query.minCursor);
      reply.header("etag", etag(standing.cursor));
      return showStations(standing, ledger, presence, texts);
    },
  );

  app.post(
    "/enrolments",
    {
      schema: {
        operationId: "enrolStation",
        summary: "Admit the station that shows this code",
        tags: ["stations"],
        body: Enrolment,
        response: { 201: Enrolled },
      },
      config: {
        access: "organiser",
        problems: ["unknown-code", "already-admitted", "too-many-attempts", "moved-on", "not-stored", "busy"],
      },
    },
    async (request, reply) => {
      const expected = expectedCursor(request.headers["if-match"]);
      const { name } = request.body;
      const retryAfterS = Math.ceil(enrolments.attempt(request.ip) / 1000);
      if (retryAfterS > 0) {
        throw new ProblemError("too-many-attempts", `Wait ${retryAfterS} s, then type the code again.`, {
          retryAfterS,
        });
      }
      const code = readCode(request.body.code);
      const found = presence.waiting().find((waiting) => waiting.code === code);
      if (found === undefined) {
        const detail = `No station waits with the code ${code}. Read it again from the kiosk's screen: it changes with each connection.`;
        throw new ProblemError("unknown-code", detail);
      }
      enrolments.succeeded(request.ip);
      // The name first, so that whoever sees the act finds it.
      texts.setStationName(found.station, name);
      const cursor = await appendAct(
        ledger,
        { kind: "station-admitted", station: found.station, key: found.key },
        expected,
      );
      return reply.code(201).header("etag", etag(cursor)).send({ station: found.station, name, cursor });
    },
  );
}
