/** A page that crashed, hangs or did not load is loaded again, with back-off; for ever, as nobody stands by to do it. */
import type { Clock } from "../clock.ts";

/** A page that crashes at once must not keep the computer busy with crashing. */
const RELOAD_MS = [500, 2_000, 10_000] as const;
/** Without a failure for this long, it counts as well again. */
const WELL_AFTER_MS = 60_000;
/** Chromium's code for a load that another one replaced (net_error_list.h): no failure. */
const ABORTED = -3;

/** The part of Electron's WebContents that fails; main.ts passes the real ones, which proves that it fits. */
export interface FallibleContents {
  on(event: "render-process-gone", listener: (event: unknown, details: { reason: string }) => void): unknown;
  on(event: "unresponsive", listener: () => void): unknown;
  on(
    event: "did-fail-load",
    listener: (event: unknown, code: number, description: string, url: string, isMainFrame: boolean) => void,
  ): unknown;
  on(event: "destroyed", listener: () => void): unknown;
  forcefullyCrashRenderer(): void;
}

/** @param load opens the page from the start: what a crash took with it, the token's cookie too, is set anew */
export function recoverPage(
  contents: FallibleContents,
  load: () => void,
  { monotonicMs, setTimer }: Pick<Clock, "monotonicMs" | "setTimer">,
): void {
  let failures = 0;
  let failedMs = -Infinity;
  let cancel: (() => void) | undefined;
  const failed = (what: string) => {
    // One crash is told more than once.
    if (cancel !== undefined) return;
    const nowMs = monotonicMs();
    if (nowMs - failedMs > WELL_AFTER_MS) failures = 0;
    failedMs = nowMs;
    const delayMs = RELOAD_MS[Math.min(failures++, RELOAD_MS.length - 1)] ?? RELOAD_MS[0];
    console.error(`The page ${what}; it is loaded again in ${delayMs} ms.`);
    cancel = setTimer(() => {
      cancel = undefined;
      load();
    }, delayMs);
  };
  contents.on("render-process-gone", (_event, { reason }) => failed(`is gone (${reason})`));
  // It does not come back by itself; ended, it is a crash like any other.
  contents.on("unresponsive", () => contents.forcefullyCrashRenderer());
  contents.on("did-fail-load", (_event, code, description, _url, isMainFrame) => {
    if (isMainFrame && code !== ABORTED) failed(`did not load (${description})`);
  });
  contents.on("destroyed", () => cancel?.());
}
