/** `lint`: oxlint. `types`: the compiler. */
export type Layer = "lint" | "types";

/** A piece of bad code that is put into the project for a moment, to see whether it is caught. */
export interface Plant {
  /** What is forbidden (or allowed), for people. */
  wall: string;
  /** The folder of the project it is planted in. */
  folder: string;
  /** `.test.ts` where the wall is one for tests. */
  suffix?: ".test.ts";
  /** `%partner%` stands for the partner's file name. */
  source: string;
  /** A second file beside it, for what takes two; `%plant%` stands for the plant's file name. */
  partner?: string;
  /** Every layer named here has to catch it on its own. Empty: it is a door, and none may. */
  caughtBy: readonly Layer[];
  /** The oxlint rule that has to catch it, as oxlint's reports name it; usually the one the walls are made of. */
  rule?: string;
}
