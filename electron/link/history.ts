/** Compares the server's history of our logs with ours, by its answers to `where`. */
import { sameBytes, toHex } from "../../shared/bytes.ts";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { beginSearch, narrow, placeToCompare } from "./divergence.ts";

export interface HistorySurroundings {
  /** False when there is no link to ask on. */
  send: (frame: FrameOf<"where">) => boolean;
  /** Our running hash of a log after a number. */
  hashAt: (log: Uint8Array, number: number) => Promise<Uint8Array>;
}

export interface History {
  /**
   * The last number of a log up to which the server has what we have. Undefined when the link broke meanwhile.
   * @param ours number of our last record
   * @param theirs number of the server's
   */
  lastCommon(log: Uint8Array, ours: number, theirs: number): Promise<number | undefined>;
  /** False when nobody asked. */
  onPlace(frame: FrameOf<"place">): boolean;
  disconnected(): void;
}

interface Question {
  log: string;
  number: number;
  /** Undefined when the link broke. */
  answered: (hash: Uint8Array | null | undefined) => void;
}

export function createHistory({ send, hashAt }: HistorySurroundings): History {
  let question: Question | null = null;
  /** Which link it is, counted; a question that waited for its turn is not asked on the next one. */
  let link = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const askNow = (log: Uint8Array, number: number) =>
    new Promise<Uint8Array | null | undefined>((answered) => {
      if (!send([FRAME.where, log, number])) return answered(undefined);
      question = { log: toHex(log), number, answered };
      return undefined;
    });
  /** One question at a time over all logs: a server that is asked many at once closes the link. */
  const ask = (log: Uint8Array, number: number) => {
    const asking = link;
    const answer = turn.then(() => (asking === link ? askNow(log, number) : undefined));
    turn = answer;
    return answer;
  };
  return {
    async lastCommon(log, ours, theirs) {
      let search = beginSearch(ours, theirs);
      for (let first = true; ; first = false) {
        const number = placeToCompare(search, first);
        if (number === undefined) return search.same;
        const their = await ask(log, number);
        if (their === undefined) return undefined;
        // It said that it had come so far.
        if (their === null) throw new Error("the server does not know its own history of a log");
        search = narrow(search, number, sameBytes(await hashAt(log, number), their));
      }
    },
    onPlace([, log, number, hash]) {
      if (question?.log !== toHex(log) || question.number !== number) return false;
      const { answered } = question;
      question = null;
      answered(hash);
      return true;
    },
    disconnected() {
      link += 1;
      question?.answered(undefined);
      question = null;
    },
  };
}
