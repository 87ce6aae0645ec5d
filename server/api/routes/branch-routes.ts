/** Stations that are not, or no longer, to be trusted: revoking one, and judging its live copies. */
import { JudgedLog, LogPath, Revocation, Revoked, StationPath } from "../../../shared/api/stations.ts";
import { appendAct, etag, expectedCursor } from "../acts.ts";
import type { Api, RouteParts } from "../parts.ts";
import { showBranch } from "../station-views.ts";
import { nameStation } from "../views.ts";

export function addBranchRoutes(app: Api, { ledger, texts }: RouteParts): void {
  app.post(
    "/stations/:id/revoke",
    {
      schema: {
        operationId: "revokeStation",
        summary: "Take a station out of the event, at once and for good",
        description:
          "What the server has of it stays counted. `accepted` names, for logs of which less is to count, the last record " +
          "that does.",
        tags: ["stations"],
        params: StationPath,
        body: Revocation,
        response: { 200: Revoked },
      },
      config: {
        access: "organiser",
        optionalBody: true,
        problems: ["unknown-station", "already-revoked", "not-folded", "moved-on", "not-stored", "busy"],
      },
    },
    async (request, reply) => {
      const { id: station } = request.params;
      const expected = expectedCursor(request.headers["if-match"]);
      const { accepted } = request.body;
      const cursor = await appendAct(ledger, { kind: "station-revoked", station, accepted }, expected);
      reply.header("etag", etag(cursor));
      return { ...nameStation(station, texts), cursor };
    },
  );

  const words = [
    { word: "admit", admitted: true, summary: "Let in a log that was set aside, and all that goes on from it" },
    { word: "reject", admitted: false, summary: "Count nothing of a log, nor of what goes on from it" },
  ] as const;
  for (const { word, admitted, summary } of words) {
    app.post(
      `/logs/:id/${word}`,
      {
        schema: {
          operationId: `${word}Log`,
          summary,
          tags: ["stations"],
          params: LogPath,
          response: { 200: JudgedLog },
        },
        config: {
          access: "organiser",
          problems: ["unknown-log", "already-judged", "moved-on", "not-stored", "busy"],
        },
      },
      async (request, reply) => {
        const { id: log } = request.params;
        const expected = expectedCursor(request.headers["if-match"]);
        const cursor = await appendAct(ledger, { kind: "log-judged", log, admitted }, expected);
        const row = await ledger.log(log);
        if (row === undefined) throw new Error(`log ${log} is not there after its own act`);
        reply.header("etag", etag(cursor));
        return { station: row.station, ...showBranch(row), cursor };
      },
    );
  }
}
