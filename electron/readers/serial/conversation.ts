/**
 * Talking with a device that says nothing unless it is asked.
 *
 * A device's machine is pure: what came and what is over by now go in, what to write and how long to wait come out. It
 * keeps the device asked for as long as it answers; when it gives up, the port is opened anew, with back-off.
 */
import type { Signal } from "../driver.ts";
import type { PacketScanner, Parsed } from "../packets.ts";
import type { Trouble } from "./trouble.ts";

/** `answer`: the device has so long; or it is left alone so long. `lamp`: what it shows is shown so long. */
export type TimerName = "answer" | "lamp";

export type Act =
  | { kind: "write"; bytes: Uint8Array }
  /** From now on; what was left of the same timer is forgotten. */
  | { kind: "wait"; timer: TimerName; ms: number }
  | { kind: "present" | "removed"; uid: Uint8Array }
  | { kind: "badFrame" }
  /** It is there, and it is what it should be. Once, before anything else is told of it. */
  | { kind: "answers" }
  /** Nothing is to be had of it as it is; nothing follows. */
  | { kind: "fails"; trouble: Trouble };

export type Heard<Packet> =
  { kind: "packet"; packet: Packet } | { kind: "due"; timer: TimerName } | { kind: "signal"; signal: Signal };

export interface Machine<State, Packet> {
  createScanner(): PacketScanner<Packet>;
  start(): [State, ...Act[]];
  step(state: State, heard: Heard<Packet>): [State, ...Act[]];
}

/** One device's machine and its decoder, for the shell: never throws. */
export interface Conversation {
  begin(): Act[];
  push(bytes: Uint8Array): Act[];
  due(timer: TimerName): Act[];
  signal(signal: Signal): Act[];
  readonly heldBytes: number;
}

export function createConversation<State, Packet>(machine: Machine<State, Packet>): Conversation {
  const scanner = machine.createScanner();
  const [start, ...first] = machine.start();
  let state = start;

  let gaveUp = false;

  function hear(heard: Heard<Packet>): Act[] {
    const [next, ...acts] = machine.step(state, heard);
    state = next;
    gaveUp ||= acts.some((act) => act.kind === "fails");
    return acts;
  }
  function take(parsed: Parsed<Packet>): Act[] {
    if (gaveUp) return [];
    return parsed.kind === "bad" ? [{ kind: "badFrame" }] : hear(parsed);
  }

  return {
    begin: () => first.splice(0),
    push: (bytes) => scanner.push(bytes).flatMap(take),
    due(timer) {
      if (gaveUp) return [];
      if (timer !== "answer") return hear({ kind: "due", timer });
      // The line is silent: a damaged packet must not keep the answer that came behind it.
      const acts = scanner.flush().flatMap(take);
      const goesOn = acts.some((act) => act.kind === "wait" && act.timer === timer);
      return goesOn || gaveUp ? acts : [...acts, ...hear({ kind: "due", timer })];
    },
    signal: (signal) => (gaveUp ? [] : hear({ kind: "signal", signal })),
    get heldBytes() {
      return scanner.heldBytes;
    },
  };
}
