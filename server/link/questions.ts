/** What a station asks of the ledger on one link, answered one after another: places in its logs, chunks of the roll. */
import { toHex } from "../../shared/bytes.ts";
import type { CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, type Frame, type FrameOf } from "../../shared/link/frames.ts";
import type { Ledger } from "../ledger/ledger.ts";

/**
 * A station asks for one thing, then for the next; this leaves room for several logs compared at once. Answers are read
 * from disk and up to a frame long, so nobody may have more of them under way.
 */
const MAX_QUESTIONS_WAITING = 8;

export interface Questions {
  where(frame: FrameOf<"where">): void;
  want(frame: FrameOf<"want">): void;
}

export interface QuestionSurroundings {
  ledger: Pick<Ledger, "hashAt" | "rollChunk">;
  /** May this link ask about the log? */
  isOpened: (log: string) => boolean;
  send: (frame: Frame) => void;
  close: (why: CloseName) => void;
}

export function createQuestions({ ledger, isOpened, send, close }: QuestionSurroundings): Questions {
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const answer = (find: () => Promise<void>) => {
    if (++waiting > MAX_QUESTIONS_WAITING) return close("tooFast");
    tail = tail
      .then(find)
      .catch(() => close("trouble"))
      .finally(() => void waiting--);
    return undefined;
  };
  return {
    where([, log, number]) {
      const id = toHex(log);
      if (!isOpened(id)) return close("outOfOrder");
      return answer(async () => {
        const hash = await ledger.hashAt(id, number);
        send([FRAME.place, log, number, hash ?? null]);
      });
    },
    want([, hash]) {
      return answer(async () => {
        // One that is not there belongs to a roll of another life of this server; the roll in force is on its way.
        const chunk = await ledger.rollChunk(toHex(hash));
        if (chunk !== undefined) send([FRAME.chunk, chunk.bytes]);
      });
    },
  };
}
