/** Badges held to a station's virtual readers, several at once, so that some share a commit. */
import { randomBytes } from "node:crypto";
import { listenToScreen } from "../rig/screen-events.ts";
import type { StationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";

export const POLL = {
  question: "What should the north hall become next year?",
  options: ["A quiet reading room", "Workshops for children", "A stage for local music", "A café with a view"],
  counts: "last" as const,
};
const SLOTS = POLL.options.map((_, index) => index + 1);
const UID_BYTES = 5;

export interface Crowd {
  /** Resolves when the poll is on the screen. */
  pollShown(): Promise<void>;
  /** Bursts of one new badge at every reader at once; resolves when the screen has said of each that it is safe. */
  vote(bursts: number): Promise<void>;
  leave(): void;
}

export function gatherCrowd(station: StationProgram): Crowd {
  const ears = listenToScreen(station.url);
  let safe = 0;
  ears.onOutcome(({ kind }) => {
    if (kind === "stored" || kind === "safe-here") safe += 1;
  });
  const tap = async (slot: number) => {
    const reply = await fetch(new URL("/demo/taps", station.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ slot, uid: randomBytes(UID_BYTES).toString("hex") }),
    });
    if (!reply.ok) throw new Error(`a tap was answered ${reply.status}`);
  };
  return {
    async pollShown() {
      await until("the poll", () => ears.heard.some((event) => "poll" in event && event.poll?.state === "open"));
    },
    async vote(bursts) {
      for (let burst = 0; burst < bursts; burst += 1) {
        const expected = safe + SLOTS.length;
        await Promise.all(SLOTS.map(tap));
        await until(`${expected} taps to be safe`, () => safe >= expected);
      }
    },
    leave: () => ears.close(),
  };
}
