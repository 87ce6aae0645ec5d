/** How long each bar is, from 0 to 1: one zero-based scale for all lanes. */

// The leader fills the lane only when it has every vote; with many close options the bars still use half the room.
// Every length is its share times one common factor, so bars compare truly, and the factor moves without jumps.
const ROOM_KEPT = 0.15;

export function barLengths(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return counts.map(() => 0);
  const most = Math.max(...counts) / total;
  const scale = ROOM_KEPT + (1 - ROOM_KEPT) * most;
  return counts.map((count) => count / total / scale);
}
