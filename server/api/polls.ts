/** What every route about a poll needs: its definition kept, itself looked up and shown. */
import type { FastifyReply } from "fastify";
import type { Poll } from "../../shared/api/polls.ts";
import { pollFacts, type Change } from "../../shared/domain/entry.ts";
import { encodeDefinition, type PollDefinition } from "../../shared/domain/poll.ts";
import type { PollRow } from "../../shared/domain/projection.ts";
import type { Texts } from "../texts/texts.ts";
import { etag } from "./acts.ts";
import type { RouteParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";
import { showPoll } from "./views.ts";

const NO_POLL = "There is no poll with this id, or it is a draft, which only the organiser sees.";

/** A poll as far as the asker may know of it. Throws the problem when that is not at all. */
export function visiblePoll(row: PollRow | undefined, organiser: boolean): PollRow {
  if (row !== undefined && (organiser || row.state !== "draft")) return row;
  throw new ProblemError("unknown-poll", NO_POLL);
}

/** Words first, on disk, then the act that refers to them. An orphan of a refused act does no harm. */
export function keepDefinition(texts: Texts, definition: PollDefinition): Change {
  const hash = texts.putDefinition(encodeDefinition(definition));
  return { kind: "poll-defined", ...pollFacts(definition, hash) };
}

/** A poll, for the organiser, after an act of its own at this cursor, which also becomes the reply's ETag. */
export async function showPollAt(
  { ledger, texts }: Pick<RouteParts, "ledger" | "texts">,
  id: string,
  cursor: number,
  reply: FastifyReply,
): Promise<Poll> {
  const row = (await ledger.standing(cursor)).polls.get(id);
  if (row === undefined) throw new Error(`poll ${id} is not there after its own act`);
  reply.header("etag", etag(cursor));
  return { ...showPoll(row, texts, true), cursor };
}
