/** Polls: written as drafts, opened, paused and closed. */
import type { FastifyReply } from "fastify";
import type { PollText } from "../../../shared/domain/poll.ts";
import type { PollRow } from "../../../shared/domain/projection.ts";
import { ReadQuery } from "../../../shared/api/cursor.ts";
import { Poll, PollBody, PollList, PollPath } from "../../../shared/api/polls.ts";
import { isOrganiser } from "../access.ts";
import { appendAct, etag, expectedCursor } from "../acts.ts";
import type { Api, RouteParts } from "../parts.ts";
import { keepDefinition, showPollAt, visiblePoll } from "../polls.ts";
import { showPoll } from "../views.ts";

export function addPollRoutes(app: Api, parts: RouteParts): void {
  const { ledger, texts, admin, newId, cursors } = parts;

  /** What a draft is defined as; a later round stays one when its words are edited. */
  const defined = (id: string, text: PollText, { round, first }: Pick<PollRow, "round" | "first">) =>
    keepDefinition(texts, { id, ...text, round, first });
  const shown = (id: string, cursor: number, reply: FastifyReply) => showPollAt(parts, id, cursor, reply);

  app.get(
    "/polls",
    {
      schema: {
        operationId: "listPolls",
        summary: "All polls in order of definition; drafts are shown to the organiser only",
        tags: ["polls"],
        security: [{}, { organiser: [] }],
        querystring: ReadQuery,
        response: { 200: PollList },
      },
      config: { access: "public", problems: ["cursor-not-reached", "busy"] },
    },
    async (request, reply) => {
      const standing = await cursors.standing(request.query.minCursor);
      const organiser = isOrganiser(admin, request);
      const rows = [...standing.polls.values()].filter((row) => organiser || row.state !== "draft");
      reply.header("etag", etag(standing.cursor));
      return { cursor: standing.cursor, polls: rows.map((row) => showPoll(row, texts, organiser)) };
    },
  );

  app.post(
    "/polls",
    {
      schema: {
        operationId: "createPoll",
        summary: "Write a poll; it is a draft until it is opened",
        tags: ["polls"],
        body: PollBody,
        response: { 201: Poll },
      },
      config: { access: "organiser", problems: ["moved-on", "not-stored", "busy"] },
    },
    async (request, reply) => {
      const expected = expectedCursor(request.headers["if-match"]);
      const id = newId();
      const cursor = await appendAct(ledger, defined(id, request.body, { round: 1, first: null }), expected);
      const poll = await shown(id, cursor, reply);
      return reply.code(201).header("location", `/api/v1/polls/${id}`).send(poll);
    },
  );

  app.get(
    "/polls/:id",
    {
      schema: {
        operationId: "readPoll",
        summary: "One poll",
        tags: ["polls"],
        security: [{}, { organiser: [] }],
        params: PollPath,
        querystring: ReadQuery,
        response: { 200: Poll },
      },
      config: { access: "public", problems: ["unknown-poll", "cursor-not-reached", "busy"] },
    },
    async (request, reply) => {
      const standing = await cursors.standing(request.query.minCursor);
      const organiser = isOrganiser(admin, request);
      const row = visiblePoll(standing.polls.get(request.params.id), organiser);
      reply.header("etag", etag(row.stateCursor));
      return showPoll(row, texts, organiser);
    },
  );

  app.put(
    "/polls/:id",
    {
      schema: {
        operationId: "editPoll",
        summary: "Write a draft anew",
        tags: ["polls"],
        params: PollPath,
        body: PollBody,
        response: { 200: Poll },
      },
      config: { access: "organiser", problems: ["unknown-poll", "not-draft", "moved-on", "not-stored", "busy"] },
    },
    async (request, reply) => {
      const { id } = request.params;
      const expected = expectedCursor(request.headers["if-match"]);
      // The fold takes an id it does not know for a new poll; ids are made here only.
      const row = visiblePoll((await ledger.standing()).polls.get(id), true);
      const cursor = await appendAct(ledger, defined(id, request.body, row), expected, ({ polls }) => {
        return polls.get(id)?.stateCursor;
      });
      return shown(id, cursor, reply);
    },
  );

  const moves = [
    {
      move: "open",
      kind: "poll-opened",
      summary: "Take votes, from now on or again",
      refusals: ["already-open", "already-closed", "already-certified", "too-many-windows", "key-destroyed"],
    },
    {
      move: "pause",
      kind: "poll-paused",
      summary: "Take no votes until it is opened again",
      refusals: ["not-open", "already-closed", "already-certified"],
    },
    {
      move: "close",
      kind: "poll-closed",
      summary: "Take no more votes, for good",
      refusals: ["not-open", "already-closed", "already-certified"],
    },
  ] as const;
  for (const { move, kind, summary, refusals } of moves) {
    app.post(
      `/polls/:id/${move}`,
      {
        schema: {
          operationId: `${move}Poll`,
          summary,
          tags: ["polls"],
          params: PollPath,
          response: { 200: Poll },
        },
        config: { access: "organiser", problems: ["unknown-poll", ...refusals, "moved-on", "not-stored", "busy"] },
      },
      async (request, reply) => {
        const { id } = request.params;
        const expected = expectedCursor(request.headers["if-match"]);
        const cursor = await appendAct(ledger, { kind, poll: id }, expected, ({ polls }) => polls.get(id)?.stateCursor);
        return shown(id, cursor, reply);
      },
    );
  }
}
