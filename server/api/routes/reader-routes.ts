/** A station's readers from afar: how they are, and what they are to stand for. */
import { ReadQuery } from "../../../shared/api/cursor.ts";
import { MappingBody, StationReaders } from "../../../shared/api/readers.ts";
import { StationPath } from "../../../shared/api/stations.ts";
import type { MappingWish } from "../../../shared/domain/projection.ts";
import { appendDecided } from "../acts.ts";
import type { Api, RouteParts } from "../parts.ts";
import { ProblemError } from "../problem.ts";
import {
  askedState,
  checkReadersUnmoved,
  mappingNow,
  readersState,
  readersTag,
  showReaders,
  stationOf,
} from "../readers.ts";
import { createWishWait } from "../wish-wait.ts";

export function addReaderRoutes(app: Api, parts: RouteParts): void {
  const { ledger, texts, desk, cursors } = parts;
  const wishes = createWishWait(ledger, parts.mappingWaitMs);

  app.get(
    "/stations/:id/readers",
    {
      schema: {
        operationId: "readReaders",
        summary: "A station's readers: how they are, what they stand for, and what is wanted of them",
        description:
          "The ETag is what `PUT /stations/{id}/mapping` takes as If-Match: the revision, and behind a `+` the cursor of a " +
          "change that is pending. There is none as long as the station's revision is not known.",
        tags: ["stations"],
        params: StationPath,
        querystring: ReadQuery,
        response: { 200: StationReaders },
      },
      config: { access: "organiser", problems: ["unknown-station", "cursor-not-reached", "busy"] },
    },
    async (request, reply) => {
      const row = stationOf(await cursors.standing(request.query.minCursor), request.params.id);
      const tag = readersTag(readersState(row, desk));
      if (tag !== null) reply.header("etag", tag);
      return showReaders(row, parts);
    },
  );

  app.put(
    "/stations/:id/mapping",
    {
      schema: {
        operationId: "changeMapping",
        summary: "Let readers of a station stand for something else, or have another name",
        description:
          "If-Match names the revision that is to be changed, as `GET /stations/{id}/readers` gives it; to replace a change " +
          "that is pending, with that one's cursor. 200: the station took it. 202: it is stored and goes to the station " +
          "as soon as it can be reached. 409: the station's mapping is another by now, and is in the answer as `mapping`.",
        tags: ["stations"],
        params: StationPath,
        body: MappingBody,
        response: { 200: StationReaders, 202: StationReaders },
      },
      config: {
        access: "organiser",
        problems: [
          ...(["unknown-station", "station-revoked", "no-if-match", "moved-on"] as const),
          ...(["mapping-conflict", "unknown-reader", "not-stored", "busy"] as const),
        ],
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const asked = askedState(request.headers["if-match"]);
      stationOf(await ledger.standing(), id);
      // Words first, on disk, then the act that refers to them.
      const hash = texts.putReaderList(id, request.body.readers);
      const cursor = await appendDecided(ledger, (standing) => {
        checkReadersUnmoved(asked, readersState(stationOf(standing, id), desk));
        return { kind: "mapping-wished", station: id, base: asked.revision, hash };
      });
      texts.keepOnlyReaderList(id, hash);
      const wish = desk.isHere(id) ? await wishes.answered(id, cursor) : null;
      const row = stationOf(await ledger.standing(cursor), id);
      if (wish !== null) throwUnlessTaken(wish, cursor, id);
      const tag = readersTag(readersState(row, desk));
      if (tag !== null) reply.header("etag", tag);
      return reply.code(wish === null ? 202 : 200).send(showReaders(row, parts));
    },
  );

  function throwUnlessTaken({ cursor: answeredCursor, answer }: MappingWish, cursor: number, id: string): void {
    if (answeredCursor !== cursor) {
      const detail = "Somebody asked for another change before the station answered this one. Read the readers again.";
      throw new ProblemError("moved-on", detail);
    }
    const mapping = mappingNow(desk.reportOf(id));
    const extras = mapping === undefined ? {} : { mapping, headers: { etag: `"${mapping.revision}"` } };
    if (answer === "conflict") {
      const detail = "The readers were changed at the station since that revision. Look at `mapping` and decide anew.";
      throw new ProblemError("mapping-conflict", detail, extras);
    }
    if (answer === "unknown-reader") {
      const detail = "Readers are added at the station, where they are plugged in. Name only those in `mapping`.";
      throw new ProblemError("unknown-reader", detail, extras);
    }
  }
}
