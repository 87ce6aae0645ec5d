/** How a closed poll becomes final: what stations owe, certifying by hand, and what came too late. */
import type { FastifyReply } from "fastify";
import { Certification, Deliveries, LateBallots } from "../../../shared/api/certification.ts";
import { ReadQuery } from "../../../shared/api/cursor.ts";
import { Poll, PollPath } from "../../../shared/api/polls.ts";
import type { ActRefusal } from "../../../shared/domain/folded.ts";
import { completeCertificate } from "../../certify/complete-certificate.ts";
import { etag, expectedCursor, judgeAct, type IfMatch } from "../acts.ts";
import { MAX_CERTIFY_TRIES, MAX_STATIONS_NAMED } from "../limits.ts";
import type { Api, RouteParts } from "../parts.ts";
import { showPollAt, visiblePoll } from "../polls.ts";
import { ProblemError } from "../problem.ts";
import { refusalProblem } from "../refusals.ts";
import { showDeliveries, showLate } from "../station-views.ts";

const READS = { access: "organiser", problems: ["unknown-poll", "cursor-not-reached", "busy"] } as const;

export function addCertifyRoutes(app: Api, parts: RouteParts): void {
  const { ledger, texts, presence, cursors } = parts;

  app.get(
    "/polls/:id/certification",
    {
      schema: {
        operationId: "readDeliveries",
        summary: "How far each station has delivered a poll, and when it certifies itself",
        tags: ["polls"],
        params: PollPath,
        querystring: ReadQuery,
        response: { 200: Deliveries },
      },
      config: READS,
    },
    async (request, reply) => {
      const { cursor, polls } = await cursors.standing(request.query.minCursor);
      const row = visiblePoll(polls.get(request.params.id), true);
      const marks = (await ledger.watermarks(row.id)) ?? [];
      reply.header("etag", etag(cursor));
      return showDeliveries(row, marks, cursor, presence, texts);
    },
  );

  app.post(
    "/polls/:id/certify",
    {
      schema: {
        operationId: "certifyPoll",
        summary: "Make a closed poll's counts final; with a reason when stations are missing",
        description:
          "The stations that were missing are shown with the poll to everybody, the reason to the organiser.",
        tags: ["polls"],
        params: PollPath,
        body: Certification,
        response: { 200: Poll },
      },
      config: {
        access: "organiser",
        optionalBody: true,
        problems: [
          ...(["unknown-poll", "not-closed", "already-certified", "reason-needed", "missing-changed"] as const),
          ...(["moved-on", "not-stored", "busy"] as const),
        ],
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { reason } = request.body;
      const cursor = await barByHand(parts, id, reason, expectedCursor(request.headers["if-match"]));
      return complete(parts, id, cursor, reply);
    },
  );

  app.get(
    "/polls/:id/late",
    {
      schema: {
        operationId: "listLate",
        summary: "Ballots that came after the certificate, by time of casting; they are not counted",
        tags: ["polls"],
        params: PollPath,
        querystring: ReadQuery,
        response: { 200: LateBallots },
      },
      config: READS,
    },
    async (request, reply) => {
      const { cursor, polls } = await cursors.standing(request.query.minCursor);
      const row = visiblePoll(polls.get(request.params.id), true);
      reply.header("etag", etag(cursor));
      return showLate(row, cursor, ledger, texts);
    },
  );
}

/** Sets the barrier without the stations that are missing now; resolves with a cursor at which it is there. */
async function barByHand(
  { ledger, texts }: RouteParts,
  poll: string,
  reason: string | undefined,
  expected: IfMatch | undefined,
): Promise<number> {
  // The words first, so that whoever sees the act finds them.
  const kept = reason === undefined ? null : texts.putReason(reason);
  for (let tries = 1; ; tries++) {
    const marks = (await ledger.watermarks(poll)) ?? [];
    const missing = marks.filter((mark) => mark.missing !== null).map(({ station }) => station);
    const act = { kind: "poll-barred", poll, why: "by-hand", missing, reason: kept } as const;
    const { refused, cursor } = await judgeAct(ledger, act, expected, ({ polls }) => polls.get(poll)?.stateCursor);
    if (refused === null || (await isHalfDone(refused, cursor))) return cursor;
    if (refused === "missing-changed" && tries < MAX_CERTIFY_TRIES) continue;
    if (refused !== "reason-needed") throw refusalProblem(refused);
    const names = missing.map((station) => texts.stationName(station) ?? station);
    const detail = `Not everything has come from ${enumerate(names)}. Wait, or say in \`reason\` why the poll is final without.`;
    throw refusalProblem(refused, detail);
  }

  /** A disk that was full after the barrier left the certificate to be made. */
  async function isHalfDone(refused: ActRefusal, cursor: number): Promise<boolean> {
    return refused === "already-certified" && (await ledger.standing(cursor)).polls.get(poll)?.state === "closed";
  }
}

/** The certificate after the barrier; the certifier may have been quicker. */
async function complete(parts: RouteParts, id: string, cursor: number, reply: FastifyReply) {
  const { ledger } = parts;
  const barred = (await ledger.standing(cursor)).polls.get(id);
  if (barred === undefined) throw new Error(`poll ${id} is not there after its own act`);
  const completed = await completeCertificate(ledger, barred);
  if (!completed.ok && completed.why === "not-stored") {
    const detail = `${completed.reason} The totals are fixed; the server certifies them once its disk takes it.`;
    throw new ProblemError("not-stored", detail);
  }
  if (!completed.ok) throw new Error(`the certificate of poll ${id} was refused: ${completed.reason}`);
  const row = (await ledger.standing(completed.cursor)).polls.get(id);
  return showPollAt(parts, id, row?.stateCursor ?? completed.cursor, reply);
}

/** Names in a sentence: a few, and how many more. */
function enumerate(names: readonly string[]): string {
  const more = names.length - MAX_STATIONS_NAMED;
  const shown = names.slice(0, MAX_STATIONS_NAMED).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}
