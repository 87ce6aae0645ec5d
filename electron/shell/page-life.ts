/**
 * The life of the kiosk's page, as steps: opening, shown, or gone and soon to be opened again. Time is counted in ticks of
 * the shell's own timer: while the computer sleeps none is counted, so a page is not ended for having slept too.
 */

/** How often the page says that it is alive, and how often the shell looks. Often enough for people, nothing to a CPU. */
export const TICK_MS = 2_000;
/** 10 s: longer than any picture takes to draw on a slow computer, shorter than voters stand before a dead screen. */
const SILENT_TICKS = 5;
/** 20 s for page, fonts and first snapshot, all from this computer; a slow one needs about 5. */
const BLANK_TICKS = 10;
/** A page that crashes at once must not keep the computer busy with crashing. */
const RELOAD_MS = [500, 2_000, 10_000] as const;
/** Without a failure for this many ticks (a minute), it counts as well again. */
const WELL_TICKS = 30;

export type PageState =
  /** Loading, or loaded and nothing to see yet. */
  | { kind: "opening"; ticks: number; trouble: Trouble }
  /** `silent`: ticks since it last said something; `sequence`: of the last word. */
  | { kind: "shown"; silent: number; sequence: number; trouble: Trouble }
  /** It is opened again in a moment; what is told of it until then is about the old one. */
  | { kind: "gone"; trouble: Trouble };

interface Trouble {
  /** Since it was last well. */
  failures: number;
  /** Since the last failure. */
  wellTicks: number;
}

export type PageEvent =
  | { kind: "opened" }
  | { kind: "ready" }
  | { kind: "alive"; sequence: number }
  | { kind: "tick" }
  /** Its process ended, or it did not load. `what` completes "The page …". */
  | { kind: "failed"; what: string }
  /** The system says that it does not answer. */
  | { kind: "hangs" };

export type PageEffect =
  /** End its process: it does not come back by itself. */
  | { kind: "end" }
  | { kind: "open"; afterMs: number }
  | { kind: "say"; line: string }
  /** Tell the page what it has to know. */
  | { kind: "greet" };

export const PAGE_AT_START: PageState = { kind: "opening", ticks: 0, trouble: { failures: 0, wellTicks: 0 } };

export function stepPage(state: PageState, event: PageEvent): [PageState, ...PageEffect[]] {
  const { trouble } = state;
  if (event.kind === "opened") return [{ kind: "opening", ticks: 0, trouble }];
  if (state.kind === "gone") return [state];
  switch (event.kind) {
    case "ready":
      return [{ kind: "shown", silent: 0, sequence: 0, trouble }, { kind: "greet" }];
    case "alive":
      if (state.kind !== "shown" || event.sequence <= state.sequence) return [state];
      return [{ ...state, silent: 0, sequence: event.sequence }];
    case "tick":
      return tick(state);
    case "failed":
      return fail(trouble, event.what);
    case "hangs":
      return end(trouble, "does not answer");
  }
}

function tick(state: Exclude<PageState, { kind: "gone" }>): [PageState, ...PageEffect[]] {
  const wellTicks = state.trouble.wellTicks + 1;
  const trouble = wellTicks > WELL_TICKS ? { failures: 0, wellTicks } : { ...state.trouble, wellTicks };
  if (state.kind === "opening") {
    if (state.ticks + 1 >= BLANK_TICKS) return end(trouble, "shows nothing");
    return [{ ...state, trouble, ticks: state.ticks + 1 }];
  }
  if (state.silent + 1 >= SILENT_TICKS) return end(trouble, "says nothing any more");
  return [{ ...state, trouble, silent: state.silent + 1 }];
}

function end(trouble: Trouble, what: string): [PageState, ...PageEffect[]] {
  const [gone, ...effects] = fail(trouble, what);
  return [gone, { kind: "end" }, ...effects];
}

function fail({ failures }: Trouble, what: string): [PageState, ...PageEffect[]] {
  const afterMs = RELOAD_MS[Math.min(failures, RELOAD_MS.length - 1)] ?? RELOAD_MS[0];
  return [
    { kind: "gone", trouble: { failures: failures + 1, wellTicks: 0 } },
    { kind: "say", line: `The page ${what}; it is opened again in ${afterMs} ms.` },
    { kind: "open", afterMs },
  ];
}
