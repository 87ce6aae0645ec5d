/** The roll: who may vote. It comes in parts, and is adopted as a whole. */
import { createHash } from "node:crypto";
import { ReadQuery } from "../../../shared/api/cursor.ts";
import type { Fault } from "../../../shared/api/problem.ts";
import { Roll, RollBody, RollChunk, VotersBody } from "../../../shared/api/roll.ts";
import { MAX_CHUNK_TAGS, MAX_ROLL_CHUNKS } from "../../../shared/domain/roll.ts";
import { chunkOfVoters, type ListPlace, type MadeChunk } from "../../roll/voters-to-chunk.ts";
import { appendAct, etag, expectedCursor, judgeAct } from "../acts.ts";
import { MAX_ROLL_BODY_BYTES } from "../limits.ts";
import type { Api, RouteParts } from "../parts.ts";
import { ProblemError } from "../problem.ts";
import { refusalProblem } from "../refusals.ts";

const KEY_GONE =
  "Tags can no longer be told from one another: the roll is closed. Start another server for another event.";

export function addRollRoutes(app: Api, { ledger, cursors, eventKey }: RouteParts): void {
  const shown = async (minCursor?: number) => {
    const { cursor, roll } = await cursors.standing(minCursor);
    return { chunks: [...roll], ...(await ledger.rollSize()), cursor };
  };
  /** The parts that were made under other bits than the event's. */
  const otherBits = async (chunks: readonly string[]): Promise<Fault[]> => {
    const { lfBits } = await ledger.standing();
    const kept = await Promise.all(chunks.map((hash) => ledger.rollChunk(hash)));
    return kept.flatMap((chunk, at) => {
      const sent = chunk?.lfBits ?? lfBits;
      if (sent === lfBits) return [];
      return [{ in: "body", pointer: `/chunks/${at}`, detail: `was sent while lfBits was ${sent}` }];
    });
  };

  app.get(
    "/roll",
    {
      schema: {
        operationId: "readRoll",
        summary: "The roll in force: its parts, and how many tags and voters it has",
        tags: ["roll"],
        querystring: ReadQuery,
        response: { 200: Roll },
      },
      config: { access: "organiser", problems: ["cursor-not-reached", "busy"] },
    },
    async (request, reply) => {
      const roll = await shown(request.query.minCursor);
      reply.header("etag", etag(roll.cursor));
      return roll;
    },
  );

  app.post(
    "/roll/chunks",
    {
      bodyLimit: MAX_ROLL_BODY_BYTES,
      schema: {
        operationId: "importVoters",
        summary: `Send a part of the roll: at most ${MAX_CHUNK_TAGS} tags. It is in force once PUT /roll names it`,
        description:
          "UIDs become pseudonyms as they arrive and are not kept. The same voters give the same `chunk`, so a part may " +
          "be sent again. 125 kHz numbers are cut to the event's `lfBits` before that: parts are good only as long as " +
          "these stay, and are to be sent again after a change.",
        tags: ["roll"],
        body: VotersBody,
        response: { 201: RollChunk },
      },
      config: {
        access: "organiser",
        problems: [
          "too-many-tags",
          "duplicate-tag",
          "duplicate-voter",
          "key-destroyed",
          "moved-on",
          "not-stored",
          "busy",
        ],
      },
    },
    async (request, reply) => {
      const expected = expectedCursor(request.headers["if-match"]);
      const { keyDestroyed, lfBits } = await ledger.standing();
      const key = keyDestroyed === null ? eventKey() : undefined;
      if (key === undefined) throw new ProblemError("key-destroyed", KEY_GONE);
      const made = chunkOfVoters(key, request.body.voters, lfBits);
      if (!made.ok) throw listProblem(made);
      const chunk = createHash("sha256").update(made.chunk).digest("hex");
      // Sent again after a reply was lost, it is no second entry; made under other bits it is, though the bytes be the same.
      const known = await ledger.rollChunk(chunk);
      if (known === undefined || known.lfBits !== lfBits)
        await appendAct(ledger, { kind: "roll-chunk", chunk: made.chunk, lfBits }, expected);
      return reply.code(201).send({ chunk, tags: made.tags });
    },
  );

  app.put(
    "/roll",
    {
      schema: {
        operationId: "adoptRoll",
        summary: "From now on these parts are the roll",
        description:
          "Every poll that is not certified is judged again by it, from its first ballot on. Refused with `other-lf-bits` " +
          "when a part was sent while the event had other `lfBits`: no reader would know its tags. `errors` names such " +
          "parts; send their voters again.",
        tags: ["roll"],
        body: RollBody,
        response: { 200: Roll },
      },
      config: {
        access: "organiser",
        problems: ["too-many-chunks", "unknown-chunk", "other-lf-bits", "moved-on", "not-stored", "busy"],
      },
    },
    async (request, reply) => {
      const expected = expectedCursor(request.headers["if-match"]);
      const { chunks } = request.body;
      if (chunks.length > MAX_ROLL_CHUNKS) {
        const detail = `A roll has at most ${MAX_ROLL_CHUNKS} parts, and these are ${chunks.length}. Fill each part: it takes ${MAX_CHUNK_TAGS} tags.`;
        throw new ProblemError("too-many-chunks", detail);
      }
      const { cursor, refused } = await judgeAct(ledger, { kind: "roll-adopted", chunks }, expected);
      if (refused === "other-lf-bits") throw refusalProblem(refused, undefined, { errors: await otherBits(chunks) });
      if (refused !== null) throw refusalProblem(refused);
      reply.header("etag", etag(cursor));
      return shown(cursor);
    },
  );

  app.delete(
    "/roll",
    {
      schema: {
        operationId: "dropRoll",
        summary: "From now on there is no roll: anyone may vote",
        tags: ["roll"],
        response: { 200: Roll },
      },
      config: { access: "organiser", problems: ["moved-on", "not-stored", "busy"] },
    },
    async (request, reply) => {
      const expected = expectedCursor(request.headers["if-match"]);
      const cursor = await appendAct(ledger, { kind: "roll-adopted", chunks: [] }, expected);
      reply.header("etag", etag(cursor));
      return shown(cursor);
    },
  );
}

const pointerOf = ({ row, tag }: ListPlace) => (tag === null ? `/voters/${row}` : `/voters/${row}/tags/${tag}`);

/** What is wrong with a list, by voter and place: a tag's UID is never repeated. */
function listProblem(made: Exclude<MadeChunk, { ok: true }>): ProblemError {
  switch (made.why) {
    case "too-many-tags": {
      const detail = `A part holds ${MAX_CHUNK_TAGS} tags, and these are ${made.tags}. Send the rest as the next part.`;
      return new ProblemError("too-many-tags", detail);
    }
    case "duplicate-tag": {
      const [first, again] = made.voters;
      const whose =
        first === again ? `voter ${first} has a tag twice` : `voters ${first} and ${again} have the same tag`;
      const places = `${pointerOf(made.first)} and ${pointerOf(made.again)}`;
      return new ProblemError("duplicate-tag", `At ${places} ${whose}. Take one of them out.`, {
        errors: [{ in: "body", pointer: pointerOf(made.again), detail: `is also at ${pointerOf(made.first)}` }],
      });
    }
    case "duplicate-voter": {
      const places = `${pointerOf(made.first)} and ${pointerOf(made.again)}`;
      const detail = `Voter ${made.voters[0]} is at ${places}. Put all tags of a voter into one place.`;
      return new ProblemError("duplicate-voter", detail, {
        errors: [{ in: "body", pointer: pointerOf(made.again), detail: `is also at ${pointerOf(made.first)}` }],
      });
    }
  }
}
