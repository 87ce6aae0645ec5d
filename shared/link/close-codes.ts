/** Why a link was closed. Each has one code, a name for logs, and words for the operator with the remedy. */
import { LINK } from "../sentences/link.ts";

export const CLOSE = {
  /** 1001 is WebSocket's own "going away": the peer stops in good order. */
  goingAway: 1001,
  badFrame: 4400,
  badSignature: 4401,
  notAdmitted: 4403,
  outOfOrder: 4405,
  unknownVersion: 4406,
  silence: 4408,
  revoked: 4410,
  gap: 4409,
  oversize: 4413,
  tooManyWaiting: 4428,
  tooFast: 4429,
  wrongServer: 4495,
  replaced: 4498,
  trouble: 4500,
} as const;

export type CloseName = keyof typeof CLOSE;

/** What each is called among the sentences for people (`shared/sentences/link.ts`). */
export const CLOSE_SENTENCES = {
  goingAway: "link-going-away",
  badFrame: "link-bad-frame",
  badSignature: "link-bad-signature",
  notAdmitted: "link-not-admitted",
  outOfOrder: "link-out-of-order",
  unknownVersion: "link-unknown-version",
  silence: "link-silence",
  revoked: "link-revoked",
  gap: "link-gap",
  oversize: "link-oversize",
  tooManyWaiting: "link-too-many-waiting",
  tooFast: "link-too-fast",
  wrongServer: "link-wrong-server",
  replaced: "link-replaced",
  trouble: "link-trouble",
} as const satisfies Record<CloseName, keyof typeof LINK>;

/** One line of English for people; also sent as the close reason, so at most 123 bytes of plain ASCII. */
export function closeWords(name: CloseName): string {
  return LINK[CLOSE_SENTENCES[name]];
}

const NAMES = new Map<number, CloseName>();
for (const name of [
  "goingAway",
  "badFrame",
  "badSignature",
  "notAdmitted",
  "outOfOrder",
  "unknownVersion",
  "silence",
  "revoked",
  "gap",
  "oversize",
  "tooManyWaiting",
  "tooFast",
  "wrongServer",
  "replaced",
  "trouble",
] as const satisfies CloseName[]) {
  NAMES.set(CLOSE[name], name);
}

/** WebSocket's own word for a message that is too big to be read at all. */
const MESSAGE_TOO_BIG = 1009;

/** Name of a close code; `undefined` for one this version does not know (1006: the connection just broke). */
export function closeName(code: number): CloseName | undefined {
  return code === MESSAGE_TOO_BIG ? "oversize" : NAMES.get(code);
}
