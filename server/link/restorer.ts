/**
 * Polls that stations bring back to a server which was put back to a backup. What comes is the server's own signed word, so
 * whoever carries it: it is either just what was told once, or nothing.
 */
import type { KeyObject } from "node:crypto";
import { toHex } from "../../shared/bytes.ts";
import { isFurther, readCourse, type Progress } from "../../shared/domain/course.ts";
import { pollFacts, type PollCourse } from "../../shared/domain/entry.ts";
import { decodeDefinition, shortHash } from "../../shared/domain/poll.ts";
import type { Sha256 } from "../../shared/domain/record.ts";
import type { CloseName } from "../../shared/link/close-codes.ts";
import type { FrameOf } from "../../shared/link/frames.ts";
import { pollWordToSign } from "../../shared/link/poll-word.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Known } from "./known.ts";

export interface RestorerSurroundings {
  ledger: Pick<Ledger, "append">;
  known: Pick<Known, "poll" | "pollByHash">;
  event: Uint8Array;
  /** The server's own key. */
  ownKey: KeyObject;
  sha256: Sha256;
  check: (key: KeyObject, bytes: Uint8Array, signature: Uint8Array) => Promise<boolean>;
  /** Keep a definition's words; throws when the disk does not take them. */
  putDefinition: (bytes: Uint8Array) => unknown;
}

/** One for all links, so that a poll which a hundred stations bring at once is taken once. */
export interface Restorer {
  /** Null when the server knows as much now; else why the link is to be closed. Rejects when the ledger does. */
  restore(frame: FrameOf<"poll">): Promise<CloseName | null>;
}

export function createRestorer({
  ledger,
  known,
  event,
  ownKey,
  sha256,
  check,
  putDefinition,
}: RestorerSurroundings): Restorer {
  /** By hash, what is on its way into the ledger. */
  const under = new Map<string, Progress>();
  const isNews = (hash: string, told: Progress) => {
    const row = known.pollByHash(shortHash(hash));
    // Its totals stand, whatever was told in another life.
    if (row !== undefined && row.barrier !== null) return false;
    return [row, under.get(hash)].every((there) => there === undefined || isFurther(told, there));
  };
  return {
    async restore([, , packed, bytes, signature]) {
      const hash = toHex(sha256(bytes));
      const course = readCourse(packed);
      const comesTo = progressOf(course);
      if (!isNews(hash, comesTo)) return null;
      if (!(await check(ownKey, pollWordToSign(event, bytes, packed), signature))) return "badSignature";
      const definition = decodeDefinition(bytes);
      if (definition === undefined) return "badFrame";
      // Opened anew with other words since then: the fold would refuse it each time a station connects.
      const row = known.poll(definition.id);
      if (row !== undefined && row.state !== "draft" && row.hash !== hash) return null;
      // Asked again: while the signature was checked, another station may have brought the same.
      if (!isNews(hash, comesTo)) return null;
      under.set(hash, comesTo);
      try {
        putDefinition(bytes);
        const appended = await ledger.append({ kind: "poll-restored", ...pollFacts(definition, hash), ...course });
        // Whether the fold refused it or not, the server knows as much now.
        return appended.ok ? null : "trouble";
      } finally {
        if (under.get(hash) === comesTo) under.delete(hash);
      }
    },
  };
}

/** What the fold makes of it: a certificate whose totals stations must not see was told without, and comes to a close. */
function progressOf({ state, moves, totals }: PollCourse): Progress {
  return state === "certified" && totals === null ? { state: "closed", moves: moves - 1 } : { state, moves };
}
