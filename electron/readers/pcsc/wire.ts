/** One connection to pcscd: a request, its answer, one after the other. Thin: what the bytes mean is in messages.ts. */
import { createConnection, type Socket } from "node:net";
import { concatBytes } from "../../../shared/bytes.ts";
import type { Clock } from "../../clock.ts";
import { errorCode } from "./error-code.ts";
import { type Answer, MAX_HELD_BYTES, type ReadAnswer } from "./messages.ts";
import type { ServiceTrouble } from "./trouble.ts";

/** pcscd's own socket; the variable is pcsc-lite's. */
export function pcscdSocketPath(): string {
  return process.env["PCSCLITE_CSOCK_NAME"] ?? "/run/pcscd/pcscd.comm";
}

/** A local socket opens at once; systemd may first have to start pcscd behind it. */
const OPEN_WITHIN_MS = 5_000;
/**
 * pcscd lets few wait at its door (measured: with sixteen at once, most get EAGAIN) and takes about a millisecond for each, more
 * where polkit is asked.
 */
const CROWDED_RETRY_MS = 20;
const MAX_CROWDED_TRIES = 100;

export type Asked<T> = { ok: true; value: T } | { ok: false; trouble: ServiceTrouble };

export interface Wire {
  /** Ends the connection when there is no answer in time, or one that cannot be understood. Never rejects. */
  ask<T>(request: Uint8Array, read: ReadAnswer<T>, withinMs: number): Promise<Asked<T>>;
  /** The same for what comes without a request, and may be here already. */
  hear<T>(read: ReadAnswer<T>, withinMs: number): Promise<Asked<T>>;
  /** Nothing else is answered to this but what is being waited for. */
  send(request: Uint8Array): void;
  close(): void;
}

/** A list of readers, and the signal of the change after it, which pcscd sends right behind. */
const MAX_BUFFERED_BYTES = MAX_HELD_BYTES + 8;

/** What is being waited for now. */
interface Waiting {
  take(bytes: Uint8Array): Answer<unknown>;
  fail(trouble: ServiceTrouble): void;
}

/** Never rejects, and has an end. */
export async function openWire(path: string, setTimer: Clock["setTimer"]): Promise<Asked<Wire>> {
  for (let tries = 1; ; tries++) {
    const opened = await tryOpen(path, setTimer);
    if (opened !== "crowded") return opened;
    if (tries === MAX_CROWDED_TRIES) return { ok: false, trouble: { kind: "silent" } };
    await new Promise<void>((resolve) => void setTimer(resolve, CROWDED_RETRY_MS));
  }
}

function tryOpen(path: string, setTimer: Clock["setTimer"]): Promise<Asked<Wire> | "crowded"> {
  const { promise, resolve } = Promise.withResolvers<Asked<Wire> | "crowded">();
  const socket = createConnection({ path });
  const cancel = setTimer(() => {
    socket.destroy();
    resolve({ ok: false, trouble: { kind: "silent" } });
  }, OPEN_WITHIN_MS);
  socket.once("error", (error) => {
    cancel();
    resolve(errorCode(error) === "EAGAIN" ? "crowded" : { ok: false, trouble: openTrouble(path, error) });
  });
  socket.once("connect", () => {
    cancel();
    resolve({ ok: true, value: createWire(socket, setTimer) });
  });
  return promise;
}

function openTrouble(path: string, error: unknown): ServiceTrouble {
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") return { kind: "missing", path };
  if (code === "ECONNREFUSED") return { kind: "dead", path };
  if (code === "EACCES" || code === "EPERM") return { kind: "notPermitted", path };
  return { kind: "other", message: error instanceof Error ? error.message : String(error) };
}

function createWire(socket: Socket, setTimer: Clock["setTimer"]): Wire {
  let over: ServiceTrouble | null = null;
  let waiting: Waiting | null = null;
  let held: Uint8Array = new Uint8Array();
  let tail: Promise<unknown> = Promise.resolve();

  const end = (trouble: ServiceTrouble) => {
    if (over !== null) return;
    over = trouble;
    socket.destroy();
    const failed = waiting;
    waiting = null;
    failed?.fail(trouble);
  };
  socket.on("error", () => end({ kind: "ended" }));
  socket.on("close", () => end({ kind: "ended" }));
  const takeHeld = () => {
    if (waiting === null || held.length === 0) return;
    const taken = waiting.take(held);
    if (taken.kind === "corrupt") end({ kind: "corrupt", why: taken.why });
    if (taken.kind !== "whole") return;
    held = held.subarray(taken.used);
    waiting = null;
  };
  socket.on("data", (bytes: Uint8Array) => {
    if (held.length + bytes.length > MAX_BUFFERED_BYTES)
      return end({ kind: "corrupt", why: "an answer without an end" });
    held = concatBytes(held, bytes);
    takeHeld();
  });

  function once<T>(request: Uint8Array | null, read: ReadAnswer<T>, withinMs: number): Promise<Asked<T>> {
    if (request !== null && held.length > 0) end({ kind: "corrupt", why: "an answer to nothing" });
    if (over !== null) return Promise.resolve({ ok: false, trouble: over });
    const { promise, resolve } = Promise.withResolvers<Asked<T>>();
    const cancel = setTimer(() => end({ kind: "silent" }), withinMs);
    waiting = {
      take(bytes) {
        const answer = read(bytes);
        if (answer.kind !== "whole") return answer;
        cancel();
        resolve({ ok: true, value: answer.value });
        return answer;
      },
      fail(trouble) {
        cancel();
        resolve({ ok: false, trouble });
      },
    };
    if (request === null) takeHeld();
    else socket.write(request);
    return promise;
  }
  function inTurn<T>(request: Uint8Array | null, read: ReadAnswer<T>, withinMs: number): Promise<Asked<T>> {
    const asked = tail.then(() => once(request, read, withinMs));
    tail = asked;
    return asked;
  }

  return {
    ask: inTurn,
    hear: (read, withinMs) => inTurn(null, read, withinMs),
    send(request) {
      if (over === null) socket.write(request);
    },
    close: () => end({ kind: "ended" }),
  };
}
