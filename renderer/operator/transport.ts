/** The panel's way to its station: local HTTP, every answer parsed once, strictly. Decides nothing. */
import * as v from "valibot";
import { PanelAccess, PanelRefusal, PanelState } from "../../shared/events/operator.ts";
import type { PanelAction } from "../../shared/events/operator.ts";
import type { Sentence } from "../../shared/sentences/sentence.ts";
import { keepLine } from "../ui/line.ts";
import type { LineEnds } from "../ui/line.ts";

/** `out`: the visit is over, the PIN is asked again. `away`: the station did not answer, or not as it should. */
export type Answer = { kind: "done" } | { kind: "refused"; why: Sentence } | { kind: "out" } | { kind: "away" };

/** `refused`: this PIN cannot be chosen, or not be looked at now. */
export type Entered = PanelAccess | { state: "away" } | { state: "refused"; why: Sentence };

export interface PanelTransport {
  readonly access: () => Promise<PanelAccess | { state: "away" }>;
  readonly enter: (pin: string) => Promise<Entered>;
  readonly act: (action: PanelAction) => Promise<Answer>;
  /** Keeps the line open until the returned function is called. */
  readonly openLine: (ends: Pick<LineEnds<PanelState>, "onNews" | "onLine">) => () => void;
}

// The station is on this machine, but a change waits for its disk; past this it hangs.
const ANSWER_WITHIN_MS = 8_000;

const AWAY = { state: "away" } as const;
const Entering = v.union([PanelAccess, PanelRefusal]);

export const stationTransport: PanelTransport = {
  async access() {
    try {
      const response = await fetch("/operator/access", bounded({}));
      const access = v.safeParse(PanelAccess, await response.json());
      return access.success ? access.output : AWAY;
    } catch {
      return AWAY;
    }
  },
  async enter(pin) {
    try {
      const response = await fetch("/operator/session", bounded(asJson({ pin })));
      const entered = v.safeParse(Entering, await response.json());
      if (!entered.success) return AWAY;
      return "code" in entered.output ? { state: "refused", why: sentenceOf(entered.output) } : entered.output;
    } catch {
      return AWAY;
    }
  },
  async act(action) {
    try {
      const response = await fetch("/operator/actions", bounded(asJson(action)));
      if (response.status === 204) return { kind: "done" };
      if (response.status === 401) return { kind: "out" };
      const refusal = v.safeParse(PanelRefusal, await response.json());
      return refusal.success ? { kind: "refused", why: sentenceOf(refusal.output) } : { kind: "away" };
    } catch {
      return { kind: "away" };
    }
  },
  openLine: (ends) =>
    keepLine(
      "/operator/events",
      { kinds: ["panel"], schema: PanelState },
      {
        ...ends,
        onGarbage: (why) => console.warn(`The station sent something this panel does not understand: ${why}`),
        openSource: (url) => new EventSource(url),
      },
    ),
};

function sentenceOf({ code, args }: PanelRefusal): Sentence {
  return { code, args };
}

function asJson(body: unknown): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function bounded(init: RequestInit): RequestInit {
  return { ...init, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) };
}
