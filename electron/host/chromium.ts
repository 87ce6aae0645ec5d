/** A Chromium window in kiosk mode around the station's page, for where there is no Electron. */
import { spawn, type ChildProcess } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** As distributions and systems name it; first found, first taken. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];
/** Where it is when it is not on the path. */
const PLACES = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
/** A browser that crashes at once must not be started a thousand times. */
const RESTART_MS = [500, 2_000, 10_000] as const;
/** Up for this long, it counts as well again. */
const WELL_AFTER_MS = 60_000;
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

/** Open the window and keep it open: a crash starts it anew, with back-off; closed by a person it stays closed. */
export function openChromium(program: string, flags: readonly string[], onClosed: () => void): KioskWindow {
  let stopped = false;
  let crashes = 0;
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  const open = () => {
    const openedMs = performance.now();
    child = spawn(program, flags, { stdio: "ignore" });
    child.once("error", () => onClosed());
    child.once("exit", (code) => {
      if (stopped) return;
      if (code === 0) return onClosed();
      if (performance.now() - openedMs > WELL_AFTER_MS) crashes = 0;
      timer = setTimeout(open, RESTART_MS[Math.min(crashes++, RESTART_MS.length - 1)]);
      return undefined;
    });
  };
  open();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      const running = child;
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => void running.once("exit", () => resolve()));
      running.kill("SIGTERM");
      const late = setTimeout(() => running.kill("SIGKILL"), QUIT_MS);
      await gone;
      clearTimeout(late);
    },
  };
}
