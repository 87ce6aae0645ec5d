/** What a voter sees, watched from inside of the page: when an answer's outcome was painted, and how long frames took. */

export interface Sighting {
  option: number;
  /** Milliseconds since 1970, by the page's clock. */
  atMs: number;
}

export interface Probe {
  readonly seen: Sighting[];
  /** The longest frame that the browser calls long (over 50 ms); 0 for none, null where it cannot tell. */
  longestFrameMs: number | null;
}

/**
 * Runs in the page, and may use nothing from outside itself. A tap is seen when an answer that showed no outcome gets one,
 * or goes back from the last word on a tap to `stored`, which is the first on another.
 *
 * Two frames later it has been painted for sure. A page that draws inside of a frame is told a frame too late, one that
 * draws at once is not: never too early.
 */
export function watchOutcomes(): Probe {
  const probe: Probe = { seen: [], longestFrameMs: null };
  const nowMs = () => performance.timeOrigin + performance.now();
  const seePainted = (options: readonly number[]) =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() => probe.seen.push(...options.map((option) => ({ option, atMs: nowMs() })))),
    );
  const watcher = new MutationObserver((records) => {
    const fresh = records.flatMap(({ target, oldValue }) => {
      const { option, outcome } = target instanceof HTMLElement ? target.dataset : {};
      const isFirst = oldValue === null || (oldValue !== "stored" && outcome === "stored");
      return isFirst && outcome !== undefined && option !== undefined ? [Number(option)] : [];
    });
    // What came and was upgraded before anybody drew is one outcome.
    if (fresh.length > 0) seePainted([...new Set(fresh)]);
  });
  watcher.observe(document.body, {
    subtree: true,
    attributes: true,
    attributeFilter: ["data-outcome"],
    attributeOldValue: true,
  });
  if (PerformanceObserver.supportedEntryTypes.includes("long-animation-frame")) {
    probe.longestFrameMs = 0;
    const frames = new PerformanceObserver((list) => {
      const durations = list.getEntries().map(({ duration }) => duration);
      probe.longestFrameMs = Math.max(probe.longestFrameMs ?? 0, ...durations);
    });
    frames.observe({ type: "long-animation-frame" });
  }
  return probe;
}
