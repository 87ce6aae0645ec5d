/** What the fold made of a ballot. */

export type Verdict =
  | "counted"
  /** Counted, in place of an earlier ballot of the same voter. */
  | "changed"
  /** Another ballot of the same voter is the one that counts. */
  | "already-counted"
  /** Cast outside of the poll's open times. */
  | "closed"
  /** No opened poll has this definition (yet: it is judged again when one does). */
  | "unknown-poll"
  | "unknown-option"
  /** The roll does not have this tag. */
  | "unknown-tag"
  /** The poll is for groups this voter is not in. */
  | "not-entitled"
  /** It came after the poll was certified: kept and listed, not counted. */
  | "late";

/** Codes on the link. 0, counted, is what silence means there. */
export const VERDICT_CODES = {
  counted: 0,
  changed: 1,
  "already-counted": 2,
  closed: 3,
  "unknown-poll": 4,
  "unknown-option": 5,
  "unknown-tag": 6,
  "not-entitled": 7,
  late: 8,
} as const satisfies Record<Verdict, number>;

const BY_CODE: readonly Verdict[] = [
  "counted",
  "changed",
  "already-counted",
  "closed",
  "unknown-poll",
  "unknown-option",
  "unknown-tag",
  "not-entitled",
  "late",
];

/** The verdict behind a code; `undefined` for a code this version does not know. */
export function verdictOf(code: number): Verdict | undefined {
  return BY_CODE[code];
}
