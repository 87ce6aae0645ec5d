/**
 * Keeps the page shown: hears of its crashes, hangs and failed loads, and does what `page-life.ts` says. Nothing of the
 * page has to be kept for that: opened anew, it gets the station's snapshot.
 */
import type { PageMessage } from "../../shared/host/messages.ts";
import type { Clock } from "../clock.ts";
import { PAGE_AT_START, stepPage, TICK_MS, type PageEffect, type PageEvent } from "./page-life.ts";

/** Chromium's code for a load that another one replaced (net_error_list.h): no failure. */
const ABORTED = -3;

/** The part of Electron's WebContents that fails; window.ts passes the real ones, which proves that it fits. */
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

interface Ends {
  /** Opens the page from the start: what a crash took with it, the token's cookie too, is set anew. */
  open(): void;
  /** The first picture is on the screen. */
  onShown(): void;
  say(line: string): void;
  clock: Pick<Clock, "setTimer" | "setTicker">;
}

/** Open the page and keep it shown until its contents are destroyed. @returns to be told what the page says */
export function keepPageShown(contents: FallibleContents, ends: Ends): (message: PageMessage) => void {
  let state = PAGE_AT_START;
  let cancelOpening: (() => void) | undefined;
  const open = () => {
    happen({ kind: "opened" });
    ends.open();
  };
  const happen = (event: PageEvent) => {
    const [next, ...effects] = stepPage(state, event);
    // First, as ending a page is heard at once as its crash.
    state = next;
    for (const effect of effects) act(effect);
  };
  const act = (effect: PageEffect) => {
    switch (effect.kind) {
      case "end":
        return contents.forcefullyCrashRenderer();
      case "open":
        cancelOpening = ends.clock.setTimer(open, effect.afterMs);
        return undefined;
      case "say":
        return ends.say(effect.line);
      case "greet":
        return ends.onShown();
    }
  };
  contents.on("render-process-gone", (_event, { reason }) => happen({ kind: "failed", what: `is gone (${reason})` }));
  contents.on("unresponsive", () => happen({ kind: "hangs" }));
  contents.on("did-fail-load", (_event, code, description, _url, isMainFrame) => {
    if (isMainFrame && code !== ABORTED) happen({ kind: "failed", what: `did not load (${description})` });
  });
  const stopTicker = ends.clock.setTicker(() => happen({ kind: "tick" }), TICK_MS);
  contents.on("destroyed", () => {
    stopTicker();
    cancelOpening?.();
  });
  open();
  return happen;
}
