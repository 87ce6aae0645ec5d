/** Where pages may go: the station's own origin, in the one window there is. */

interface Navigation {
  readonly url: string;
  preventDefault(): void;
}

/** The part of Electron's WebContents that is locked; main.ts passes the real ones, which proves that it fits. */
export interface LockableContents {
  on(event: "will-navigate", listener: (navigation: Navigation) => void): unknown;
  on(event: "will-frame-navigate", listener: (navigation: Navigation) => void): unknown;
  on(event: "will-redirect", listener: (navigation: Navigation) => void): unknown;
  on(event: "will-attach-webview", listener: (event: { preventDefault(): void }) => void): unknown;
  setWindowOpenHandler(handler: () => { action: "deny" }): void;
}

/** Keep a page where it belongs. @param origin the station's, such as `http://127.0.0.1:7071` */
export function lockNavigation(contents: LockableContents, origin: string): void {
  const keepHere = (navigation: Navigation) => {
    if (URL.parse(navigation.url)?.origin !== origin) navigation.preventDefault();
  };
  // will-navigate is for the page, will-frame-navigate for frames in it as well; each is asked on its own.
  contents.on("will-navigate", keepHere);
  contents.on("will-frame-navigate", keepHere);
  contents.on("will-redirect", keepHere);
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
}
