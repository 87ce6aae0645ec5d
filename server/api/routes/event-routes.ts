/** The event: its id, its title, and the key that makes pseudonyms of its tags. */
import { ReadQuery } from "../../../shared/api/cursor.ts";
import { EventBody, EventShown, KeyDestruction } from "../../../shared/api/event.ts";
import type { Standing } from "../../ledger/ledger.ts";
import { isOrganiser } from "../access.ts";
import { appendAct, etag, expectedCursor } from "../acts.ts";
import type { Api, RouteParts } from "../parts.ts";
import { ProblemError } from "../problem.ts";
import { nameStation } from "../views.ts";

export function addEventRoutes(app: Api, { ledger, texts, admin, cursors }: RouteParts): void {
  const shown = (standing: Standing, organiser: boolean) => ({
    id: standing.event ?? null,
    title: texts.title(),
    key: { destroyed: standing.keyDestroyed !== null, ...(organiser && keyHolders(standing)) },
    lfBits: standing.lfBits,
    cursor: standing.cursor,
  });
  /** Before the key is destroyed there is nothing to confirm and nobody is missing. */
  const keyHolders = ({ stations, keyDestroyed }: Standing) => {
    const asked = keyDestroyed === null ? [] : [...stations.values()];
    return {
      confirmed: asked.filter(({ forgot }) => forgot !== null).map(({ station }) => nameStation(station, texts)),
      missing: asked
        .filter(({ forgot, revoked }) => forgot === null && revoked === null)
        .map(({ station }) => nameStation(station, texts)),
    };
  };

  app.get(
    "/event",
    {
      schema: {
        operationId: "readEvent",
        summary: "The event; the organiser also sees which stations destroyed its key",
        tags: ["event"],
        security: [{}, { organiser: [] }],
        querystring: ReadQuery,
        response: { 200: EventShown },
      },
      config: { access: "public", problems: ["cursor-not-reached", "busy"] },
    },
    async (request, reply) => {
      const standing = await cursors.standing(request.query.minCursor);
      reply.header("etag", etag(standing.cursor));
      return shown(standing, isOrganiser(admin, request));
    },
  );

  app.put(
    "/event",
    {
      schema: {
        operationId: "nameEvent",
        summary: "Give the event its title, and say how much of a 125 kHz number counts",
        description:
          "The title is no act: the ledger holds no words, so its cursor stays where it was. `lfBits` is one, and is " +
          "refused once a ballot is there or a roll in force; then the title stays as it was, too. After a change the parts of " +
          "a roll that were sent before have to be sent again.",
        tags: ["event"],
        body: EventBody,
        response: { 200: EventShown },
      },
      config: { access: "organiser", problems: ["ballots-cast", "roll-in-force", "not-stored"] },
    },
    async (request, reply) => {
      const { title, lfBits } = request.body;
      const before = await ledger.standing();
      if (lfBits !== undefined && lfBits !== before.lfBits) await appendAct(ledger, { kind: "lf-bits-set", lfBits });
      texts.setTitle(title);
      const standing = await ledger.standing();
      reply.header("etag", etag(standing.cursor));
      return shown(standing, true);
    },
  );

  app.delete(
    "/event/key",
    {
      schema: {
        operationId: "destroyEventKey",
        summary: "Destroy the event key, here and at every station: nobody votes any more, no tag is known again",
        description:
          "It cannot be taken back. Stations that are not on the link destroy theirs when they come back; `GET /event` " +
          "names them until they have.",
        tags: ["event"],
        body: KeyDestruction,
        response: { 200: EventShown },
      },
      config: {
        access: "organiser",
        problems: ["wrong-confirmation", "polls-open", "already-destroyed", "moved-on", "not-stored", "busy"],
      },
    },
    async (request, reply) => {
      const expected = expectedCursor(request.headers["if-match"]);
      const { event } = await ledger.standing();
      if (event === undefined || request.body.confirm !== event) {
        const detail = "Send this event's `id`, as GET /api/v1/event shows it, in `confirm`. Nothing was destroyed.";
        throw new ProblemError("wrong-confirmation", detail);
      }
      const cursor = await appendAct(ledger, { kind: "key-destroyed" }, expected);
      reply.header("etag", etag(cursor));
      return shown(await ledger.standing(cursor), true);
    },
  );
}
