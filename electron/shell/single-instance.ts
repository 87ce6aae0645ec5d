/** One kiosk for each data directory: a second start shows the first one's window and ends. */

/** The part of Electron's App that knows of other instances. */
export interface InstanceApp {
  requestSingleInstanceLock(): boolean;
  on(event: "second-instance", listener: () => void): unknown;
}

/** The part of Electron's BrowserWindow that brings it to the front. */
export interface Showable {
  isMinimized(): boolean;
  restore(): void;
  show(): void;
  focus(): void;
}

/** False: another instance runs, and was told to come to the front; this one has to end. */
export function claimInstance(app: InstanceApp, windows: () => readonly Showable[]): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on("second-instance", () => {
    for (const window of windows()) {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    }
  });
  return true;
}
