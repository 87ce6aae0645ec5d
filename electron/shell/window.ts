/** The kiosk's one window: shown once the page has something to show, kept showing it, and heard through one door. */
import { app, BrowserWindow, ipcMain, nativeTheme, powerSaveBlocker } from "electron";
import type { Clock } from "../clock.ts";
import { SOFTWARE } from "../host/software.ts";
import { openHostDoor } from "./host-door.ts";
import { kioskWindowOptions } from "./kiosk-options.ts";
import { TICK_MS } from "./page-life.ts";
import { watchParts } from "./parts.ts";
import { keepPageShown } from "./recovery.ts";
import { holdWindow } from "./window-rules.ts";

interface KioskPage {
  /** Where the page is, such as `http://127.0.0.1:7071`. */
  origin: string;
  /** Opens the page and proves that this window is the station's own. */
  address: string;
  preload: string;
  packaged: boolean;
  /** Does the program end? */
  quitting: () => boolean;
  /** For whoever runs the kiosk: what went wrong and what comes of it. */
  say: (line: string) => void;
  clock: Clock;
}

export function openKioskWindow({ origin, address, preload, packaged, quitting, say, clock }: KioskPage): void {
  const window = new BrowserWindow(kioskWindowOptions({ preload, packaged, dark: nativeTheme.shouldUseDarkColors }));
  const contents = window.webContents;
  const { monotonicMs } = clock;
  window.once("ready-to-show", () => window.show());
  holdWindow(window, { packaged, quitting, quit: () => app.quit() });
  watchParts(app, { repaint: () => contents.invalidate(), say, monotonicMs });
  // Nobody touches a kiosk that waits for taps.
  powerSaveBlocker.start("prevent-display-sleep");

  const tellPage = openHostDoor(ipcMain, {
    page: contents,
    origin,
    onMessage: (message) => tellShell(message),
    say,
    monotonicMs,
  });
  const tellShell = keepPageShown(contents, {
    // A load that fails is heard of as an event; its promise has nothing to add.
    open: () => void window.loadURL(address).catch(() => undefined),
    onShown() {
      console.log("The page is shown.");
      tellPage({ kind: "host", software: SOFTWARE, aliveEveryMs: TICK_MS });
    },
    say,
    clock,
  });
}
