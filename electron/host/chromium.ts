/** A Chromium window in kiosk mode around the station's page, for where there is no Electron. */
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Clock } from "../clock.ts";

/** As distributions and systems name it; first found, first taken. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];
/** Where it is when it is not on the path. */
const PLACES = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
/** A browser that crashes at once must not be started a thousand times. */
const REOPEN_MS = [500, 2_000, 10_000] as const;
/** Up for this long, it counts as well again. */
const WELL_AFTER_MS = 60_000;
/** Nobody closes a window sooner. A Chromium that ends well before handed the page to one that runs on this profile. */
const HANDED_OVER_MS = 3_000;
const QUIT_MS = 2_000;

export interface KioskWindow {
  stop(): Promise<void>;
}

/** Path of a Chromium on this machine; undefined without one. */
export function findChromium(path = process.env["PATH"] ?? ""): string | undefined {
  const candidates = path.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...candidates, ...PLACES].find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Is there a screen to open a window on? */
export function hasScreen(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): boolean {
  return platform !== "linux" || Boolean(environment["DISPLAY"]) || Boolean(environment["WAYLAND_DISPLAY"]);
}

/** The flags of a kiosk: one page, no questions, nothing sent home, a profile of its own. */
export function kioskFlags(url: string, profile: string, asRoot: boolean): string[] {
  return [
    "--kiosk",
    `--user-data-dir=${profile}`,
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-translate",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--disable-session-crashed-bubble",
    "--autoplay-policy=no-user-gesture-required",
    // Chromium refuses to run as root with its sandbox; a real kiosk does not run as root.
    ...(asRoot ? ["--no-sandbox"] : []),
    url,
  ];
}

/** The part of a child process that is needed. */
interface RunningChromium {
  readonly exitCode: number | null;
  readonly signalCode: NodeJS.Signals | null;
  once(event: "exit", listener: (code: number | null) => void): unknown;
  once(event: "error", listener: (error: Error) => void): unknown;
  kill(signal: NodeJS.Signals): unknown;
}

export interface ChromiumEnds {
  /** A line for whoever runs the station. */
  say(line: string): void;
  start(program: string, flags: readonly string[]): RunningChromium;
  clock: Pick<Clock, "monotonicMs" | "setTimer">;
}

export const startProgram: ChromiumEnds["start"] = (program, flags) => spawn(program, flags, { stdio: "ignore" });

/**
 * Open the window and keep it open: crashed or closed it is opened anew, with back-off. A kiosk has nobody who would open
 * it again; whoever wants no window starts the station with `--headless`.
 */
export function openChromium(
  program: string,
  flags: readonly string[],
  { say, start, clock }: ChromiumEnds,
): KioskWindow {
  let stopped = false;
  let failures = 0;
  let child: RunningChromium | undefined;
  let cancel: (() => void) | undefined;
  const open = () => {
    const openedMs = clock.monotonicMs();
    child = start(program, flags);
    child.once("error", (error) => say(`No window could be opened: ${error.message}.`));
    child.once("exit", (code) => {
      if (stopped) return;
      const upMs = clock.monotonicMs() - openedMs;
      if (code === 0 && upMs < HANDED_OVER_MS) return say("The page opened in a Chromium that runs already.");
      if (upMs > WELL_AFTER_MS) failures = 0;
      const afterMs = REOPEN_MS[Math.min(failures++, REOPEN_MS.length - 1)] ?? REOPEN_MS[0];
      say(`The window is ${code === 0 ? "closed" : "gone"}; it is opened again. (No window: start with --headless.)`);
      cancel = clock.setTimer(open, afterMs);
    });
  };
  open();
  return {
    async stop() {
      stopped = true;
      cancel?.();
      const running = child;
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => void running.once("exit", () => resolve()));
      running.kill("SIGTERM");
      const late = clock.setTimer(() => running.kill("SIGKILL"), QUIT_MS);
      await gone;
      late();
    },
  };
}
