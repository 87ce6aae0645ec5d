/** The panel's rooms; the first four are also the steps of setting up, in this order. */
import type { PanelState } from "../../shared/events/operator.ts";

export const PATH = ["server", "admit", "readers", "check"] as const;
export const ROOMS = [...PATH, "test", "more"] as const;
export type Room = (typeof ROOMS)[number];

/** Which steps are behind us, judged by the station alone: a step that comes undone shows as undone. */
export function isDone(room: Room, state: PanelState): boolean {
  switch (room) {
    case "server":
      return state.server.probe === "answers" || state.link.state === "online";
    case "admit":
      return state.link.state === "online";
    case "readers":
      return (
        state.readers.some(({ target }) => target !== null) && state.readers.every(({ state: is }) => is === "present")
      );
    case "check":
      return state.readiness !== null && state.readiness.finishedAtMs !== null;
    case "test":
    case "more":
      return true;
  }
}

/** Setting up has not come far enough to vote: nobody said where the server is, or what any reader stands for. */
export function needsPath(state: PanelState): boolean {
  return state.server.address === null || state.readers.every(({ target }) => target === null);
}

export function firstOpen(state: PanelState): Room {
  return PATH.find((room) => !isDone(room, state)) ?? "readers";
}

/** The step after this one; null after the last, and for rooms that are no step. */
export function stepAfter(room: Room): Room | null {
  const at = PATH.findIndex((step) => step === room);
  return at < 0 ? null : (PATH[at + 1] ?? null);
}
