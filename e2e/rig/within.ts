/** Waiting with an end: for a promise, or for a condition. */

/** Often enough not to be noticed, seldom enough to leave the machine to what is waited for. */
const LOOK_EVERY_MS = 25;
/** An emulated machine (e2e/usb) says how many times slower it is; everything waits so much longer. */
export const SLOWNESS = Number(process.env["POLLING_STATION_SLOWNESS"] ?? 1);
/** Nothing is measured by it: it ends what hangs, and must not end what is only slow on a busy machine. */
const DEFAULT_MS = 20_000 * SLOWNESS;

/** The promise's value, or an error that says what did not come in time. */
export async function within<T>(limitMs: number, what: string, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`waited ${limitMs} ms in vain for ${what}`)), limitMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Look again and again until there is something (neither undefined, null nor false). What `look` throws ends it. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  limitMs = DEFAULT_MS,
): Promise<Exclude<T, undefined | null | false>> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (isThere(seen)) return seen;
    if (performance.now() > endMs) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function isThere<T>(seen: T): seen is Exclude<T, undefined | null | false> {
  return seen !== undefined && seen !== null && seen !== false;
}
