/** The shell of detection: opens the port at one rate after the other, and tells what came of it. */
import type { Heard } from "../finder.ts";
import { createDetection, type DetectAct } from "./detect.ts";
import type { SerialDeps, SerialPortHandle } from "./port.ts";
import { serialProtocol } from "./protocols.ts";
import { serialSpecText } from "./serial-spec.ts";
import { explainTrouble } from "./trouble.ts";

/** An unplug is not always reported: the path is looked at, as on a port in use. */
const LOOK_EVERY_MS = 1_000;

/**
 * Listen on a port that is not in use, until the function given back is called or an answer is there. Opening may reset
 * an Arduino, as the port's lines change with it: so it happens only here, where the operator asked for it.
 */
export function listenOnPort(
  path: string,
  mayAsk: boolean,
  onHeard: (heard: Heard) => void,
  deps: SerialDeps,
): () => Promise<void> {
  const detection = createDetection(mayAsk);
  /** Of the present opening; what is heard of an earlier one is nothing. */
  let opening = 0;
  let port: SerialPortHandle | undefined;
  let cancelWait = (): void => {};
  let cancelLook = (): void => {};
  let work: Promise<void> = Promise.resolve();
  let over = false;
  let stopped = false;

  function run(acts: readonly DetectAct[]): void {
    for (const act of acts) if (!over) perform(act);
  }

  function perform(act: DetectAct): void {
    switch (act.kind) {
      case "open":
        onHeard({ kind: act.asks ? "asking" : "listening" });
        opening += 1;
        work = work.then(() => open(opening, act.baud));
        return;
      case "write":
        return port?.write(act.bytes);
      case "wait":
        cancelWait();
        cancelWait = deps.after(act.ms, () => run(detection.due()));
        return;
      case "silent":
        return end({ kind: "silent" });
      case "found": {
        const { technology, title } = serialProtocol(act.protocol);
        const tag = act.uid === null ? null : ({ form: "bytes", bytes: act.uid, technology } as const);
        return end({ kind: "heard", spec: serialSpecText(path, act.protocol, act.baud), title, tag });
      }
    }
  }

  async function open(mine: number, baud: number): Promise<void> {
    cancelWait();
    await close();
    if (over || mine !== opening) return;
    const opened = await deps.openPort(path, baud, {
      onBytes: (bytes) => run(mine === opening ? detection.push(bytes) : []),
      onGone: (trouble) => {
        if (!over && mine === opening && port !== undefined)
          end({ kind: "trouble", reason: explainTrouble(path, trouble) });
      },
    });
    if (!opened.ok) {
      if (!over) end({ kind: "trouble", reason: explainTrouble(path, opened.trouble) });
      return;
    }
    port = opened.port;
    if (over) await close();
    else run(detection.opened());
  }

  function watch(): void {
    cancelLook = deps.after(LOOK_EVERY_MS, () => {
      void deps.lookAtPath(path).then((look) => {
        if (over) return;
        if (look.kind === "missing") end({ kind: "trouble", reason: explainTrouble(path, { kind: "unplugged" }) });
        else watch();
      });
    });
  }

  async function close(): Promise<void> {
    const closing = port;
    port = undefined;
    await closing?.close();
  }

  /** The port is free again before it is told: whoever hears it may open it at once. */
  function end(heard: Heard): void {
    over = true;
    cancelTimers();
    work = work.then(close).then(() => {
      if (!stopped) onHeard(heard);
    });
  }

  function cancelTimers(): void {
    cancelWait();
    cancelLook();
  }

  run(detection.begin());
  watch();
  return async () => {
    stopped = true;
    over = true;
    cancelTimers();
    work = work.then(close);
    await work;
  };
}
