/** What the panel's page itself holds, as a pure machine: which room, what is in the operator's hand, who may come in. */
import type { PanelAccess, PanelAction, PanelReader, PanelState } from "../../shared/events/operator.ts";
import type { Target } from "../../shared/domain/mapping.ts";
import type { Sentence } from "../../shared/sentences/sentence.ts";
import { NUMBERS_AT_FIRST } from "./places.ts";
import { firstOpen, isDone, needsPath, stepAfter } from "./rooms.ts";
import type { Room } from "./rooms.ts";

export type Access = PanelAccess | { readonly state: "asking" } | { readonly state: "away" };

/** A reader's sheet over the board. */
interface Sheet {
  readonly id: string;
  readonly part: "settings" | "wizard";
}

/** What the station said, and when by the page's own clock: its `nowMs` was then. */
export interface Told {
  readonly state: PanelState;
  readonly atMs: number;
}

export interface PageState {
  readonly access: Access;
  readonly line: "connecting" | "up" | "lost";
  readonly told: Told | null;
  readonly room: Room;
  /** The four steps are gone through one after the other. */
  readonly onPath: boolean;
  /** Id of the reader or device that the next touch of a place is for. */
  readonly hand: string | null;
  readonly sheet: Sheet | null;
  /** Why the last thing asked for was not done; `why` is null for a station that did not answer. */
  readonly refusal: { readonly why: Sentence | null } | null;
  /** Reader whose place changed last, to be said and shown. */
  readonly moved: string | null;
  /** The reader assigned last while listening: its tag may lie there still. */
  readonly settled: { readonly id: string; readonly atMs: number } | null;
  /** The operator allowed to ask serial devices, for as long as it listens. */
  readonly asks: boolean;
  /** Numbers offered while there is no question. */
  readonly numbers: number;
}

/** As the station: within this time after a reader was assigned, a tag there is the one that still lies on it. */
const SETTLE_MS = 3_000;

/** The reader that saw a tag and waits for its place; null when the next touch of a place is about another. */
export function awaitsPlace({ told, settled }: PageState): Heard | null {
  const listening = told?.state.listening ?? null;
  if (listening === null || listening.heard === null || listening.target !== null) return null;
  const { heard } = listening;
  return settled?.id === heard.id && heard.atMs - settled.atMs < SETTLE_MS ? null : heard;
}

type Heard = NonNullable<NonNullable<PanelState["listening"]>["heard"]>;

export const PAGE_AT_START: PageState = {
  access: { state: "asking" },
  line: "connecting",
  told: null,
  room: "readers",
  onPath: false,
  hand: null,
  sheet: null,
  refusal: null,
  moved: null,
  settled: null,
  asks: false,
  numbers: NUMBERS_AT_FIRST,
};

export type PageEvent =
  | { readonly kind: "access"; readonly access: Access }
  | { readonly kind: "line"; readonly line: PageState["line"] }
  | { readonly kind: "news"; readonly state: PanelState; readonly atMs: number }
  | { readonly kind: "go"; readonly room: Room }
  | { readonly kind: "next" }
  | { readonly kind: "begin-path" }
  | { readonly kind: "touch-place"; readonly target: Target | null }
  | { readonly kind: "touch-reader"; readonly id: string }
  | { readonly kind: "let-go" }
  | { readonly kind: "open-sheet"; readonly sheet: Sheet }
  | { readonly kind: "close-sheet" }
  | { readonly kind: "more-numbers" }
  | { readonly kind: "act"; readonly action: PanelAction }
  | { readonly kind: "refused"; readonly why: Sentence | null }
  | { readonly kind: "seen-refusal" };

export type PageEffect =
  | { readonly kind: "act"; readonly action: PanelAction }
  | { readonly kind: "ask-access" }
  | { readonly kind: "open-line" }
  | { readonly kind: "close-line" };

type Step = readonly [PageState, ...PageEffect[]];

/** Returns the same state object when the event changes nothing, so that nothing is drawn. */
export function step(page: PageState, event: PageEvent): Step {
  switch (event.kind) {
    case "access":
      return stepAccess(page, event.access);
    case "line":
      if (event.line === page.line) return [page];
      // A line that goes may be the end of the visit: only the station knows.
      return event.line === "lost"
        ? [{ ...page, line: "lost" }, { kind: "ask-access" }]
        : [{ ...page, line: event.line }];
    case "news":
      return [stepNews(page, event)];
    case "go":
      return goTo(page, event.room);
    case "next": {
      const after = stepAfter(page.room);
      return after === null ? goTo({ ...page, onPath: false }, "readers") : goTo(page, after);
    }
    case "begin-path":
      return goTo({ ...page, onPath: true }, "server");
    case "touch-place":
      return touchPlace(page, event.target);
    case "touch-reader":
      return touchReader(page, event.id);
    case "let-go":
      return [{ ...page, hand: null }];
    case "open-sheet":
      return [{ ...page, sheet: event.sheet, hand: null }];
    case "close-sheet":
      return closeSheet(page);
    case "more-numbers":
      return [{ ...page, numbers: page.numbers + NUMBERS_AT_FIRST }];
    case "act":
      return act(page, event.action);
    case "refused":
      // What was to settle did not: it waits for its place again.
      return [{ ...page, refusal: { why: event.why }, settled: null }];
    case "seen-refusal":
      return [{ ...page, refusal: null }];
  }
}

function stepAccess(page: PageState, access: Access): Step {
  const wasIn = page.access.state === "in";
  if (access.state === "in") return wasIn ? [page] : [{ ...page, access, line: "connecting" }, { kind: "open-line" }];
  // The station is gone for a moment: what it told stays, and the line comes back by itself.
  if (access.state === "away" && wasIn) return [page];
  // Whoever comes in next begins anew, and sees nothing of this visit.
  return wasIn ? [{ ...PAGE_AT_START, access }, { kind: "close-line" }] : [{ ...page, access }];
}

function stepNews(page: PageState, { state, atMs }: { state: PanelState; atMs: number }): PageState {
  const told: Told = { state, atMs };
  if (page.told === null) {
    const onPath = needsPath(state);
    return { ...page, told, onPath, room: onPath ? firstOpen(state) : "readers" };
  }
  const moved = movedReader(page.told.state.readers, state.readers);
  const here = (id: string): boolean => [...state.readers, ...state.devices].some((each) => each.id === id);
  // The first two steps wait for others: as soon as these have done their part, it goes on by itself.
  const waits = page.onPath && (page.room === "server" || page.room === "admit");
  const came = waits && !isDone(page.room, page.told.state) && isDone(page.room, state);
  return {
    ...page,
    told,
    room: came ? firstOpen(state) : page.room,
    hand: page.hand !== null && here(page.hand) ? page.hand : null,
    // A device has no sheet: else that of a reader taken away would open again with it.
    sheet: state.readers.some(({ id }) => id === page.sheet?.id) ? page.sheet : null,
    moved: moved ?? page.moved,
    settled: settledReader(page.told.state, state, moved) ?? page.settled,
    asks: page.asks && state.listening !== null,
  };
}

/** The reader heard last, when that was for an answer touched before, or it has its place now; null when neither is new. */
function settledReader(before: PanelState, now: PanelState, moved: string | null): PageState["settled"] {
  const heard = now.listening?.heard ?? null;
  if (heard === null) return null;
  const wasAwaited = (before.listening?.target ?? null) !== null && now.listening?.target === null;
  return wasAwaited || moved === heard.id ? { id: heard.id, atMs: now.nowMs } : null;
}

/** The reader whose place is another than before; null when none is. */
function movedReader(before: readonly PanelReader[], now: readonly PanelReader[]): string | null {
  const was = new Map(before.map(({ id, target }) => [id, target]));
  const moved = now.find(({ id, target }) => JSON.stringify(was.get(id) ?? null) !== JSON.stringify(target));
  return moved?.id ?? null;
}

function goTo(page: PageState, room: Room): Step {
  const next = { ...page, room, hand: null, sheet: null };
  // Listening would swallow taps as long as it lasts: it ends with the board out of sight.
  return room !== "readers" && (page.told?.state.listening ?? null) !== null
    ? [next, { kind: "act", action: { kind: "stop-listening" } }]
    : [next];
}

function touchPlace(page: PageState, target: Target | null): Step {
  if (page.hand !== null) return act({ ...page, hand: null }, { kind: "assign", id: page.hand, target });
  const heard = awaitsPlace(page);
  if (heard !== null) {
    const settled = { id: heard.id, atMs: page.told?.state.nowMs ?? heard.atMs };
    return act({ ...page, settled }, { kind: "assign", id: heard.id, target });
  }
  if (target === null) return [page];
  return act(page, { kind: "listen", ask: page.asks, target });
}

function touchReader(page: PageState, id: string): Step {
  if (page.hand === id) return [{ ...page, hand: null }];
  const inUse = new Set(page.told?.state.readers.map((reader) => reader.id));
  if (page.hand !== null && inUse.has(page.hand) && inUse.has(id))
    return act({ ...page, hand: null }, { kind: "swap", a: page.hand, b: id });
  const taken = { ...page, hand: id };
  return (page.told?.state.listening ?? null) === null
    ? [taken]
    : [taken, { kind: "act", action: { kind: "stop-listening" } }];
}

function closeSheet(page: PageState): Step {
  const closed = { ...page, sheet: null };
  return (page.told?.state.wizard ?? null) === null
    ? [closed]
    : [closed, { kind: "act", action: { kind: "stop-wizard" } }];
}

function act(page: PageState, action: PanelAction): Step {
  const asks = action.kind === "listen" ? action.ask : page.asks;
  return [
    { ...page, asks, refusal: null },
    { kind: "act", action },
  ];
}
