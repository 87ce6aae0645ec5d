/** One opening of a port: what its bytes say, and what is written to it by whom it may be. */
import type { After, Signal, Sighting } from "../driver.ts";
import type { Act, Conversation, TimerName } from "./conversation.ts";
import type { SerialPortHandle } from "./port.ts";
import type { SerialProtocol } from "./protocols.ts";
import type { Trouble } from "./trouble.ts";

export interface SessionEvents {
  onSighting(sighting: Sighting): void;
  onBadFrame(): void;
  /** A device that has to be asked answered for the first time. */
  onAnswer(): void;
  onFailure(trouble: Trouble): void;
}

export interface Session {
  push(bytes: Uint8Array): void;
  signal(signal: Signal): void;
  /** Afterwards nothing is told and nothing written. */
  end(): void;
}

/** What a device that takes lines is told: the vote is stored, or it is not. */
const LINES: Record<Signal, Uint8Array> = {
  good: new TextEncoder().encode("OK\n"),
  bad: new TextEncoder().encode("NO\n"),
};

/** @param lineBack the operator said that the device takes lines; without it a device that speaks is never written to */
export function beginSession(
  protocol: SerialProtocol,
  lineBack: boolean,
  port: SerialPortHandle,
  events: SessionEvents,
  after: After,
): Session {
  const seen = (kind: Sighting["kind"], bytes: Uint8Array): Sighting => {
    return { kind, tag: { form: "bytes", bytes: Uint8Array.from(bytes), technology: protocol.technology } };
  };
  return protocol.converse === null
    ? listen(protocol, lineBack ? port : null, events, seen)
    : talk(protocol.converse(), port, events, seen, after);
}

type Seen = (kind: Sighting["kind"], bytes: Uint8Array) => Sighting;

function listen(protocol: SerialProtocol, lines: SerialPortHandle | null, events: SessionEvents, seen: Seen): Session {
  const decoder = protocol.createDecoder();
  let ended = false;
  return {
    push(bytes) {
      for (const frame of decoder.push(bytes)) {
        // Whoever hears of a sighting may stop the reader.
        if (ended) return;
        if (frame.kind === "bad") events.onBadFrame();
        else events.onSighting(seen("present", frame.uid));
      }
    },
    signal(signal) {
      if (!ended) lines?.write(LINES[signal]);
    },
    end() {
      ended = true;
    },
  };
}

function talk(
  conversation: Conversation,
  port: SerialPortHandle,
  events: SessionEvents,
  seen: Seen,
  after: After,
): Session {
  const timers = new Map<TimerName, () => void>();
  let ended = false;

  function run(acts: readonly Act[]): void {
    for (const act of acts) if (!ended) perform(act);
  }

  function perform(act: Act): void {
    switch (act.kind) {
      case "write":
        return port.write(act.bytes);
      case "wait":
        return wait(act.timer, act.ms);
      case "present":
      case "removed":
        return events.onSighting(seen(act.kind, act.uid));
      case "badFrame":
        return events.onBadFrame();
      case "answers":
        return events.onAnswer();
      case "fails":
        return events.onFailure(act.trouble);
    }
  }

  function wait(timer: TimerName, ms: number): void {
    timers.get(timer)?.();
    const due = () => {
      timers.delete(timer);
      run(conversation.due(timer));
    };
    timers.set(timer, after(ms, due));
  }

  run(conversation.begin());
  return {
    push: (bytes) => run(ended ? [] : conversation.push(bytes)),
    signal: (signal) => run(ended ? [] : conversation.signal(signal)),
    end() {
      ended = true;
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
