/** The event: its id and its title. */
import { ReadQuery } from "../../../shared/api/cursor.ts";
import { EventShown, EventTitle } from "../../../shared/api/event.ts";
import type { Standing } from "../../ledger/ledger.ts";
import { etag } from "../acts.ts";
import type { Api, RouteParts } from "../parts.ts";

export function addEventRoutes(app: Api, { ledger, texts, cursors }: RouteParts): void {
  const shown = ({ event, cursor }: Standing) => ({ id: event ?? null, title: texts.title(), cursor });

  app.get(
    "/event",
    {
      schema: {
        operationId: "readEvent",
        summary: "The event",
        tags: ["event"],
        querystring: ReadQuery,
        response: { 200: EventShown },
      },
      config: { access: "public", problems: ["cursor-not-reached", "busy"] },
    },
    async (request, reply) => {
      const standing = await cursors.standing(request.query.minCursor);
      reply.header("etag", etag(standing.cursor));
      return shown(standing);
    },
  );

  app.put(
    "/event",
    {
      schema: {
        operationId: "nameEvent",
        summary: "Give the event its title",
        description: "The title is no act: the ledger holds no words, so its cursor stays where it was.",
        tags: ["event"],
        body: EventTitle,
        response: { 200: EventShown },
      },
      config: { access: "organiser", problems: ["not-stored"] },
    },
    async (request, reply) => {
      texts.setTitle(request.body.title);
      const standing = await ledger.standing();
      reply.header("etag", etag(standing.cursor));
      return shown(standing);
    },
  );
}
