/** Why a link was closed. Each has one code, a name for logs, and words for the operator with the remedy. */

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

/** One line for people; also sent as the close reason, so at most 123 bytes of plain ASCII. */
export const CLOSE_WORDS: Record<CloseName, string> = {
  goingAway: "The other side is stopping; it will be back.",
  badFrame: "A frame could not be read. Update the older of the two programs.",
  badSignature: "A signature did not fit. Enrol this station again.",
  notAdmitted: "This station is not admitted to the event. Approve it at the server.",
  outOfOrder: "A frame came at the wrong moment. Update the older of the two programs.",
  unknownVersion: "No common protocol version. Update the older of the two programs.",
  silence: "Nothing was heard for too long. Check the network.",
  revoked: "This station was revoked: its votes count no more. Ask the organiser.",
  gap: "Records were left out. The station resumes where the server is.",
  oversize: "A frame was too long. Update the older of the two programs.",
  tooManyWaiting: "Too many stations wait for approval. Approve some, then try again.",
  tooFast: "Too many frames in a short time. The station slows down.",
  wrongServer: "This is not the server this station was enrolled at. Check the address, or enrol again.",
  replaced: "The same station connected too often; the newer connections are kept.",
  trouble: "The server has trouble storing. Look at the server's log and its disk.",
};

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
