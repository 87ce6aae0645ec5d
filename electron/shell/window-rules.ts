/** The kiosk's window stays: open, whole and in front. Only a program that ends takes it along. */

interface Preventable {
  preventDefault(): void;
}

/** The part of Electron's BrowserWindow that is held; window.ts passes the real one, which proves that it fits. */
export interface HeldWindow {
  on(event: "close", listener: (event: Preventable) => void): unknown;
  on(event: "minimize", listener: () => void): unknown;
  on(event: "leave-full-screen", listener: () => void): unknown;
  on(event: "session-end", listener: () => void): unknown;
  restore(): void;
  setKiosk(flag: boolean): void;
}

interface Ends {
  /** An installed kiosk; a window that somebody develops with may be closed, which ends the program. */
  packaged: boolean;
  /** Does the program end anyway? */
  quitting(): boolean;
  quit(): void;
}

export function holdWindow(window: HeldWindow, { packaged, quitting, quit }: Ends): void {
  window.on("close", (event) => {
    if (packaged && !quitting()) event.preventDefault();
  });
  window.on("minimize", () => {
    if (packaged) window.restore();
  });
  window.on("leave-full-screen", () => {
    if (packaged && !quitting()) window.setKiosk(true);
  });
  // Windows, for which Electron emits no before-quit when the computer is shut down. Not query-session-end: any other
  // program may still refuse, and then the session goes on without its kiosk.
  window.on("session-end", quit);
}
