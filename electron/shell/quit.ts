/** Every way to end leads through here: a signal, the system, the last window closed. The station stops first. */
import type { Clock } from "../clock.ts";

/** A disk that hangs must not keep a computer from shutting down. */
const STOP_MS = 4_500;

/** The part of Electron's App that ends. */
export interface QuittableApp {
  on(event: "before-quit", listener: (event: { preventDefault(): void }) => void): unknown;
  on(event: "window-all-closed", listener: () => void): unknown;
  quit(): void;
  /** Ends at once, without asking again. */
  exit(code: number): void;
}

/** The part of Node's process that hears signals. */
export interface SignalSource {
  on(signal: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): unknown;
}

/** The part of Electron's powerMonitor that hears of a shutdown (Linux, macOS). */
export interface PowerSource {
  on(event: "shutdown", listener: (...args: unknown[]) => void): unknown;
}

/**
 * Hold a quit back until the station has stopped, then exit: 0 when it did so in time, else 1.
 * @param stop stops the station, also one that is still starting
 * @returns tells whether the program ends
 */
export function stopBeforeQuit(
  app: QuittableApp,
  signals: SignalSource,
  stop: () => Promise<void>,
  setTimer: Clock["setTimer"],
): () => boolean {
  let stopping = false;
  app.on("before-quit", (event) => {
    // Electron does not wait for promises: it is told "not yet", and ended by us.
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    setTimer(() => {
      console.error(`The station did not stop within ${STOP_MS} ms.`);
      app.exit(1);
    }, STOP_MS);
    stop().then(
      () => app.exit(0),
      (error: unknown) => {
        console.error(error);
        app.exit(1);
      },
    );
  });
  app.on("window-all-closed", () => app.quit());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) signals.on(signal, () => app.quit());
  return () => stopping;
}

/** Let the computer wait for us when it shuts down; it does so for some seconds at most. */
export function quitOnShutdown(app: Pick<QuittableApp, "quit">, power: PowerSource): void {
  power.on("shutdown", (event) => {
    // Electron's types do not have this argument, its documentation does.
    if (isPreventable(event)) event.preventDefault();
    app.quit();
  });
}

function isPreventable(event: unknown): event is { preventDefault(): void } {
  return (
    typeof event === "object" &&
    event !== null &&
    "preventDefault" in event &&
    typeof event.preventDefault === "function"
  );
}
