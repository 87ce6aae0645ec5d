/** Polls: written as drafts, opened, paused and closed. */
import type { FastifyReply } from "fastify";
import { encodeDefinition, type PollText } from "../../../shared/domain/poll.ts";
import type { Change } from "../../../shared/domain/entry.ts";
import type { PollRow } from "../../../shared/domain/projection.ts";
import { ReadQuery } from "../../../shared/api/cursor.ts";
import { Poll, PollBody, PollList, PollPath } from "../../../shared/api/polls.ts";
import { isOrganiser } from "../access.ts";
import { appendAct, etag, expectedCursor } from "../acts.ts";
import type { Api, RouteParts } from "../parts.ts";
import { ProblemError } from "../problem.ts";
import { showPoll } from "../views.ts";

const NO_POLL = "There is no poll with this id, or it is a draft, which only the organiser sees.";

/** A poll as far as the asker may know of it. Throws the problem when that is not at all. */
export function visiblePoll(row: PollRow | undefined, organiser: boolean): PollRow {
  if (row !== undefined && (organiser || row.state !== "draft")) return row;
  throw new ProblemError("unknown-poll", NO_POLL);
}

export function addPollRoutes(app: Api, parts: RouteParts): void {
  const { ledger, texts, admin, newId, cursors } = parts;

  /** Words first, on disk, then the act that refers to them. An orphan of a refused act does no harm. */
  const definition = (id: string, poll: PollText): Change => {
    const hash = texts.putDefinition(encodeDefinition({ id, ...poll }));
    return {
      kind: "poll-defined",
      poll: id,
      hash,
      options: poll.options.length,
      counts: poll.counts,
      upTo: poll.upTo,
      results: poll.results,
    };
  };
  const shown = async (id: string, cursor: number, reply: FastifyReply) => {
    const row = (await ledger.standing(cursor)).polls.get(id);
    if (row === undefined) throw new Error(`poll ${id} is not there after its own act`);
    reply.header("etag", etag(cursor));
    return { ...showPoll(row, texts), cursor };
  };

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
      return { cursor: standing.cursor, polls: rows.map((row) => showPoll(row, texts)) };
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
      const cursor = await appendAct(ledger, definition(id, request.body), expected);
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
      const row = visiblePoll(standing.polls.get(request.params.id), isOrganiser(admin, request));
      reply.header("etag", etag(row.stateCursor));
      return showPoll(row, texts);
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
      visiblePoll((await ledger.standing()).polls.get(id), true);
      const cursor = await appendAct(ledger, definition(id, request.body), expected, ({ polls }) => {
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
      refusals: ["already-open", "already-closed"],
    },
    {
      move: "pause",
      kind: "poll-paused",
      summary: "Take no votes until it is opened again",
      refusals: ["not-open", "already-closed"],
    },
    {
      move: "close",
      kind: "poll-closed",
      summary: "Take no more votes, for good",
      refusals: ["not-open", "already-closed"],
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
