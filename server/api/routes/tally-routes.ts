/** Tallies: read once, or followed live as server-sent events. */
import { ReadQuery } from "../../../shared/api/cursor.ts";
import { PollPath, Tally } from "../../../shared/api/polls.ts";
import type { PollRow } from "../../../shared/domain/projection.ts";
import { mayShow } from "../../../shared/domain/visibility.ts";
import { isOrganiser } from "../access.ts";
import { etag } from "../acts.ts";
import { openEventStream } from "../event-stream.ts";
import { HEARTBEAT_MS, MAX_RECEIVERS } from "../limits.ts";
import type { Api, RouteParts } from "../parts.ts";
import { visiblePoll } from "../polls.ts";
import { ProblemError } from "../problem.ts";
import { createTallyFeed } from "../tally-feed.ts";
import { showTally } from "../views.ts";

export function addTallyRoutes(app: Api, parts: RouteParts): void {
  const { ledger, admin, cursors, clock, watch, maxReceivers = MAX_RECEIVERS } = parts;
  const feed = createTallyFeed({ clock, setTimer });
  const stopListening = ledger.onCommit(feed.onCommit);
  const heart = setInterval(feed.beat, HEARTBEAT_MS);
  // Before the server waits for open connections, which these would be for ever.
  app.addHook("preClose", async () => {
    clearInterval(heart);
    stopListening();
    feed.close();
  });

  app.get(
    "/polls/:id/tally",
    {
      schema: {
        operationId: "readTally",
        summary: "Counts of a poll",
        tags: ["polls"],
        security: [{}, { organiser: [] }],
        params: PollPath,
        querystring: ReadQuery,
        response: { 200: Tally },
      },
      config: { access: "public", problems: ["unknown-poll", "results-hidden", "cursor-not-reached", "busy"] },
    },
    async (request, reply) => {
      const standing = await cursors.standing(request.query.minCursor);
      const row = visibleTally(standing.polls.get(request.params.id), isOrganiser(admin, request));
      reply.header("etag", etag(standing.cursor));
      return showTally(row, standing.cursor);
    },
  );

  app.get(
    "/polls/:id/events",
    {
      exposeHeadRoute: false,
      schema: {
        operationId: "followTally",
        summary: "Counts of a poll as they change",
        description:
          "Each event is named `tally` and has a tally as `data`: the whole of it first, unless `Last-Event-ID` is the " +
          "present `id`, then the newest at most 20 times a second. Its last one, after the poll was certified, says " +
          "`provisional: false`; only `late` may still grow then.",
        tags: ["polls"],
        security: [{}, { organiser: [] }],
        params: PollPath,
        response: { 200: Tally },
      },
      config: { access: "public", stream: true, problems: ["unknown-poll", "results-hidden", "too-many-receivers"] },
    },
    async (request, reply) => {
      const row = visibleTally((await ledger.standing()).polls.get(request.params.id), isOrganiser(admin, request));
      if (feed.size() >= maxReceivers) {
        const detail = `This server takes ${maxReceivers} screens at once. Read /tally instead, or follow a station.`;
        throw new ProblemError("too-many-receivers", detail, { retryAfterS: 5 });
      }
      reply.hijack();
      const { raw } = reply;
      const receiver = openEventStream(raw, reply.getHeaders());
      const lastId = request.headers["last-event-id"];
      const membership = feed.join(row, receiver, typeof lastId === "string" ? lastId : undefined);
      raw.on("drain", membership.drained);
      raw.on("close", membership.leave);
      watch.receivers(1);
      raw.once("close", () => watch.receivers(-1));
      // A receiver that goes away in the middle of a write is no fault of the server.
      raw.on("error", membership.leave);
    },
  );
}

/** The poll, if this caller may see its counts now. Throws the problem that says why not. */
function visibleTally(row: PollRow | undefined, organiser: boolean): PollRow {
  const poll = visiblePoll(row, organiser);
  if (organiser || mayShow("public", poll)) return poll;
  const detail =
    poll.results === "organiser"
      ? "Only the organiser sees this poll's result. Log in with POST /api/v1/sessions."
      : "This poll shows its result after it was closed. Ask again then, or log in as the organiser.";
  throw new ProblemError("results-hidden", detail);
}

function setTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
