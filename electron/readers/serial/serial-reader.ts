import type { Reader, ReaderEvents } from "../driver.ts";
import type { Decoder } from "../frame.ts";
import type { SerialSpec } from "../spec.ts";
import { normalUid } from "../uid.ts";
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionEvent,
  jitter,
  startConnection,
  stepConnection,
} from "./connection.ts";
import type { SerialDeps, SerialPortHandle } from "./port.ts";
import { serialProtocol } from "./protocols.ts";
import type { Trouble } from "./trouble.ts";

/** About 1 unplug in 90 is reported by nothing (READERS.md); a second later a look at the path finds it. */
const LOOK_EVERY_MS = 1000;
/** A healthy port opens within milliseconds; so much later the operator should know that something is wrong. */
const SLOW_OPEN_MS = 3000;
/** `stop` waits so long for the port to close, also if its opening is still under way. */
const STOP_WITHIN_MS = 1000;

/**
 * A reader on a serial line: bytes from the port into its protocol's decoder, frames out as sightings.
 *
 * It tries for ever, with back-off, until `stop`; it never throws and never writes. The first `onState` comes when the
 * first opening has succeeded or failed.
 */
export function openSerialReader(spec: SerialSpec, events: ReaderEvents, deps: SerialDeps): Reader {
  const protocol = serialProtocol(spec.protocol);
  const ports = new Map<number, SerialPortHandle>();
  const timers = new Set<() => void>();
  const closings = new Set<Promise<void>>();
  let openUnderWay: Promise<void> = Promise.resolve();
  let connection: Connection;

  function happened(event: ConnectionEvent): void {
    const [next, ...effects] = stepConnection(connection, event, spec.path);
    connection = next;
    effects.forEach(act);
  }

  function act(effect: ConnectionEffect): void {
    const { kind } = effect;
    switch (kind) {
      case "open":
        openUnderWay = open(effect.opening);
        return;
      case "close":
        close(effect.opening);
        return;
      case "retryAfter":
        later(jitter(effect.backOffMs, deps.random()), () => happened({ kind: "retryDue", opening: effect.opening }));
        return;
      case "watch":
        watch(effect.opening);
        return;
      case "tell":
        events.onState(effect.state);
    }
  }

  async function open(opening: number): Promise<void> {
    const slow = later(SLOW_OPEN_MS, () => happened({ kind: "openIsSlow", opening }));
    // Looked at before opening: if the device is swapped in between, the next look sees another one and reconnects.
    const look = await deps.lookAtPath(spec.path);
    const decoder = protocol.createDecoder();
    // A port may go before we are told that it opened; then that is told after it.
    let early: Trouble | undefined;
    const result =
      look.kind === "missing"
        ? ({ ok: false, trouble: { kind: "missing" } } as const)
        : await deps.openPort(spec.path, spec.baud, {
            onBytes: (bytes) => read(opening, decoder, bytes),
            onGone: (trouble) => {
              early = trouble;
              happened({ kind: "gone", opening, trouble });
            },
          });
    slow();
    if (!result.ok) {
      happened({ kind: "notOpened", opening, trouble: result.trouble });
      return;
    }
    ports.set(opening, result.port);
    happened({ kind: "opened", opening, mark: look.kind === "device" ? look.mark : undefined });
    if (early !== undefined) happened({ kind: "gone", opening, trouble: early });
  }

  function read(opening: number, decoder: Decoder, bytes: Uint8Array): void {
    for (const frame of decoder.push(bytes)) {
      if (connection.kind !== "open" || connection.opening !== opening) return;
      if (frame.kind === "bad") events.onBadFrame();
      else events.onSighting({ kind: "present", uid: normalUid(frame.uid) });
    }
  }

  function watch(opening: number): void {
    const stillOpen = () => connection.kind === "open" && connection.opening === opening;
    const look = async (): Promise<void> => {
      const found = await deps.lookAtPath(spec.path);
      happened({ kind: "looked", opening, look: found });
      if (stillOpen()) watch(opening);
    };
    if (stillOpen()) later(LOOK_EVERY_MS, () => void look());
  }

  function close(opening: number): void {
    const port = ports.get(opening);
    if (port === undefined) return;
    ports.delete(opening);
    const closing = port.close().finally(() => closings.delete(closing));
    closings.add(closing);
  }

  function later(delayMs: number, run: () => void): () => void {
    const cancelTimer = deps.after(delayMs, () => {
      timers.delete(cancel);
      run();
    });
    const cancel = (): void => {
      timers.delete(cancel);
      cancelTimer();
    };
    timers.add(cancel);
    return cancel;
  }

  async function stop(): Promise<void> {
    happened({ kind: "stop" });
    for (const cancel of timers) cancel();
    // First the open, because only when it is over is there something to close.
    const closed = openUnderWay.then(() => Promise.all(closings));
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancelTimer = deps.after(STOP_WITHIN_MS, resolve);
    await Promise.race([closed, late]);
    cancelTimer();
  }

  const [first, ...effects] = startConnection();
  connection = first;
  effects.forEach(act);
  return { id: spec.id, name: spec.name, stop };
}
