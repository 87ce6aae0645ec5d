import { inEnglish, type Sentence } from "../../shared/sentences/sentence.ts";

/** The log's thread did not do what was asked. */
export class NotStored extends Error {
  /** For people, with the remedy. */
  readonly reason: Sentence;

  constructor(reason: Sentence) {
    super(inEnglish(reason));
    this.reason = reason;
  }
}
