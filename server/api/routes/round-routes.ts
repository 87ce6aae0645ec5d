/** Rounds: a poll is run again as a poll of its own, and the rounds before it stay as they are. */
import { Poll, PollPath } from "../../../shared/api/polls.ts";
import { MAX_ROUNDS } from "../../../shared/domain/poll.ts";
import type { PollRow } from "../../../shared/domain/projection.ts";
import type { Standing } from "../../ledger/ledger.ts";
import { appendDecided, checkUnmoved, expectedCursor } from "../acts.ts";
import type { Api, RouteParts } from "../parts.ts";
import { keepDefinition, showPollAt, visiblePoll } from "../polls.ts";
import { ProblemError } from "../problem.ts";
import { refusalProblem } from "../refusals.ts";

export function addRoundRoutes(app: Api, parts: RouteParts): void {
  const { ledger, texts, newId } = parts;
  app.post(
    "/polls/:id/rounds",
    {
      schema: {
        operationId: "startRound",
        summary: "Make the next round of a poll: a draft with the same words and rules",
        description: "Who may vote and how often is each round's own affair; the rounds before it keep their counts.",
        tags: ["polls"],
        params: PollPath,
        response: { 201: Poll },
      },
      config: {
        access: "organiser",
        problems: [
          ...(["unknown-poll", "not-closed", "round-exists", "too-many-rounds", "words-erased"] as const),
          ...(["moved-on", "not-stored", "busy"] as const),
        ],
      },
    },
    async (request, reply) => {
      const expected = expectedCursor(request.headers["if-match"]);
      const id = newId();
      const cursor = await appendDecided(ledger, (standing) => {
        const row = visiblePoll(standing.polls.get(request.params.id), true);
        checkUnmoved(expected, row.stateCursor);
        checkNextRound(row, standing);
        const words = texts.definition(row.hash);
        if (words === undefined) {
          throw new ProblemError("words-erased", "There is nothing left to ask again. Write a new poll.");
        }
        return keepDefinition(texts, { ...words, id, round: row.round + 1, first: row.first ?? row.id });
      });
      const poll = await showPollAt(parts, id, cursor, reply);
      return reply.code(201).header("location", `/api/v1/polls/${id}`).send(poll);
    },
  );
}

/** Throws the problem of a poll that has no next round to come. */
function checkNextRound({ id, round, first, state }: PollRow, { polls }: Standing): void {
  if (state !== "closed" && state !== "certified") throw refusalProblem("not-closed");
  if (round >= MAX_ROUNDS) {
    throw new ProblemError("too-many-rounds", `A poll has at most ${MAX_ROUNDS} rounds. Write a new poll.`);
  }
  const next = [...polls.values()].find((row) => row.first === (first ?? id) && row.round === round + 1);
  if (next === undefined) return;
  const detail = `Round ${next.round} is the poll ${next.id}. Use that one, or start the round after it once it is closed.`;
  throw new ProblemError("round-exists", detail);
}
