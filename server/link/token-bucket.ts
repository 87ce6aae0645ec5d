/** How fast one link may talk: so many frames a second, and so many at once. */

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
  const gained = (Math.max(0, nowMs - bucket.atMs) / 1000) * rate.perSecond;
  const tokens = Math.min(rate.burst, bucket.tokens + gained);
  return tokens < 1 ? [{ tokens, atMs: nowMs }, false] : [{ tokens: tokens - 1, atMs: nowMs }, true];
}
