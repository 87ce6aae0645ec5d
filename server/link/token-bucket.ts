/** How fast one station may talk: so many frames a second, and so many at once, over all its links together. */

export interface Bucket {
  tokens: number;
  atMs: number;
}

export interface BucketRate {
  perSecond: number;
  burst: number;
}

export function fullBucket(rate: BucketRate, nowMs: number): Bucket {
  return { tokens: rate.burst, atMs: nowMs };
}

/** Take one token; the bucket after it, and whether there was one. */
export function takeToken(rate: BucketRate, bucket: Bucket, nowMs: number): [Bucket, boolean] {
  const tokens = tokensAt(rate, bucket, nowMs);
  return tokens < 1 ? [{ tokens, atMs: nowMs }, false] : [{ tokens: tokens - 1, atMs: nowMs }, true];
}

function tokensAt(rate: BucketRate, { tokens, atMs }: Bucket, nowMs: number): number {
  const gained = (Math.max(0, nowMs - atMs) / 1000) * rate.perSecond;
  return Math.min(rate.burst, tokens + gained);
}

export interface StationBuckets {
  /** Take one token of a station; was there one? Each time at the same moment as the last, or later. */
  take(station: string, nowMs: number): boolean;
  /** Stations that are remembered now. */
  readonly size: number;
}

/**
 * A bucket for each station, which outlives its links: who connects again finds it as it was left. One that would be full
 * is forgotten, as it says no more than none: what is remembered are the stations that spoke within the time it takes to
 * fill one, here looked through once in such a time.
 */
export function createStationBuckets(rate: BucketRate): StationBuckets {
  const buckets = new Map<string, Bucket>();
  const fillMs = (rate.burst / rate.perSecond) * 1000;
  let sweptAtMs = -Infinity;
  const forgetFull = (nowMs: number) => {
    sweptAtMs = nowMs;
    for (const [station, bucket] of buckets) if (tokensAt(rate, bucket, nowMs) >= rate.burst) buckets.delete(station);
  };
  return {
    take(station, nowMs) {
      if (nowMs - sweptAtMs >= fillMs) forgetFull(nowMs);
      const [after, allowed] = takeToken(rate, buckets.get(station) ?? fullBucket(rate, nowMs), nowMs);
      buckets.set(station, after);
      return allowed;
    },
    get size() {
      return buckets.size;
    },
  };
}
