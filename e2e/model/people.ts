/** People who hold their badges to a station's readers. */
import { SUCCESS } from "../venue/kiosk.ts";
import { OPTIONS, pick, type Runner, type World } from "./world.ts";

const MOST_TAPS = 4;
/** Taps at one station that a badge keeps away from its reader. */
const LATELY = 3 * MOST_TAPS;

interface Tap {
  badge: string;
  slot: number;
}

/** Nobody holds a badge to a reader where it was a moment ago: that might be one long tap. */
export function drawTaps({ random, badges }: World, runner: Runner): Tap[] {
  const taps = Array.from({ length: random.whole(0, MOST_TAPS) }, () => ({
    badge: pick(random, badges) ?? "",
    slot: random.whole(1, OPTIONS),
  }));
  const nameOfTap = ({ badge, slot }: Tap) => `${badge} ${slot}`;
  const fresh = taps.filter((tap, at) => {
    const before = [...runner.lately, ...taps.slice(0, at).map(nameOfTap)];
    return !before.includes(nameOfTap(tap));
  });
  runner.lately = [...runner.lately, ...fresh.map(nameOfTap)].slice(-LATELY);
  return fresh;
}

/** People at one station, one after the other, until it dies. */
export async function tapAll(runner: Runner, taps: readonly Tap[]): Promise<void> {
  for (const { badge, slot } of taps) {
    if (!runner.up) return;
    const poll = runner.kiosk.screen().poll?.id;
    const said = await runner.kiosk.tap(slot, badge);
    if (said === null) return;
    if (poll === undefined || !SUCCESS.includes(said)) continue;
    // The question changed meanwhile: which of the two it was for, nobody saw.
    if (runner.up && runner.kiosk.screen().poll?.id !== poll) continue;
    runner.shown.push({ badge, option: slot, poll, kind: said });
  }
}
