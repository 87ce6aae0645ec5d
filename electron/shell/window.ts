/** The kiosk's one window: shown once the page has something to show, and kept showing it. */
import { BrowserWindow, nativeTheme } from "electron";
import type { Clock } from "../clock.ts";
import { kioskWindowOptions } from "./kiosk-options.ts";
import { recoverPage } from "./recovery.ts";

interface KioskPage {
  /** Opens the page and proves that this window is the station's own. */
  address: string;
  preload: string;
  packaged: boolean;
  clock: Clock;
}

export function openKioskWindow({ address, preload, packaged, clock }: KioskPage): void {
  const window = new BrowserWindow(kioskWindowOptions({ preload, packaged, dark: nativeTheme.shouldUseDarkColors }));
  window.once("ready-to-show", () => window.show());
  // A load that fails is heard of as an event, by the recovery; its promise has nothing to add.
  const load = () => void window.loadURL(address).catch(() => undefined);
  recoverPage(window.webContents, load, clock);
  load();
}
