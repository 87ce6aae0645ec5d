import type { BrowserWindowConstructorOptions } from "electron";

/** The page's ground in either theme (`--paper` of renderer/ui/tokens.css), so that nothing flashes before it is there. */
const GROUND = { light: "#faf7f1", dark: "#101318" } as const;

interface KioskLook {
  /** File of the bundled preload script. */
  preload: string;
  packaged: boolean;
  dark: boolean;
}

/**
 * The kiosk's window: one page of our own in a sandbox, without anything of Node or of a browser's surroundings.
 * Defaults of Electron that matter here are written out, so that a change of them cannot weaken the kiosk.
 */
export function kioskWindowOptions({ preload, packaged, dark }: KioskLook): BrowserWindowConstructorOptions {
  return {
    kiosk: true,
    show: false,
    title: "Polling Station",
    backgroundColor: dark ? GROUND.dark : GROUND.light,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      plugins: false,
      navigateOnDragDrop: false,
      devTools: !packaged,
      // alert() and its like would stand over the page until somebody finds a keyboard.
      disableDialogs: true,
      spellcheck: false,
      // A tap is answered with a sound, and nobody has touched the page before.
      autoplayPolicy: "no-user-gesture-required",
      // The window is always what matters, also while another one is over it.
      backgroundThrottling: false,
    },
  };
}
