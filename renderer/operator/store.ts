/** Holds the panel's state between the station and React: steps at once, tells React once per animation frame. */
import type { Sentence } from "../../shared/sentences/sentence.ts";
import type { PageEffect, PageEvent, PageState } from "./step.ts";
import { PAGE_AT_START, step } from "./step.ts";
import type { PanelTransport } from "./transport.ts";

export interface PanelStore {
  readonly send: (event: PageEvent) => void;
  readonly subscribe: (onChange: () => void) => () => void;
  readonly read: () => PageState;
  /** Tells the PIN; the answer comes as a change of `access`. Resolves to why it was refused, or null. */
  readonly enter: (pin: string) => Promise<Sentence | null>;
  readonly askAccess: () => void;
  /** Ends the visit at the station, and everything here. */
  readonly leave: () => Promise<void>;
  /** Opens; call the returned function when the page goes. */
  readonly open: () => () => void;
}

export interface PanelStoreEnds {
  readonly transport: PanelTransport;
  readonly requestFrame: (draw: () => void) => unknown;
  /** Monotonic. */
  readonly nowMs: () => number;
}

export function createPanelStore({ transport, requestFrame, nowMs }: PanelStoreEnds): PanelStore {
  let state = PAGE_AT_START;
  // What React sees: it lags `state` by at most a frame, so fifty readers tapped at once cost one drawing.
  let drawn = state;
  let frameAsked = false;
  let closeLine: (() => void) | null = null;
  const subscribers = new Set<() => void>();

  const draw = (): void => {
    frameAsked = false;
    drawn = state;
    for (const tell of subscribers) tell();
  };

  const send = (event: PageEvent): void => {
    const [next, ...effects] = step(state, event);
    const changed = next !== state;
    state = next;
    for (const effect of effects) run(effect);
    if (changed && !frameAsked) {
      frameAsked = true;
      requestFrame(draw);
    }
  };

  const hangUp = (): void => {
    closeLine?.();
    closeLine = null;
  };
  const askAccess = (): void => void transport.access().then((access) => send({ kind: "access", access }));
  const run = (effect: PageEffect): void => {
    switch (effect.kind) {
      case "ask-access":
        return askAccess();
      case "close-line":
        return hangUp();
      case "open-line":
        hangUp();
        closeLine = transport.openLine({
          onNews: (news) => send({ kind: "news", state: news, atMs: nowMs() }),
          onLine: (line) => send({ kind: "line", line }),
        });
        return;
      case "act":
        return void transport.act(effect.action).then((answer) => {
          if (answer.kind === "refused") send({ kind: "refused", why: answer.why });
          if (answer.kind === "away") send({ kind: "refused", why: null });
          if (answer.kind === "out") askAccess();
        });
    }
  };

  return {
    send,
    subscribe: (onChange) => {
      subscribers.add(onChange);
      return () => subscribers.delete(onChange);
    },
    read: () => drawn,
    enter: async (pin) => {
      const entered = await transport.enter(pin);
      if (entered.state === "refused") return entered.why;
      send({ kind: "access", access: entered });
      return null;
    },
    askAccess,
    leave: async () => {
      hangUp();
      await transport.act({ kind: "leave" });
    },
    open: () => {
      askAccess();
      return hangUp;
    },
  };
}
