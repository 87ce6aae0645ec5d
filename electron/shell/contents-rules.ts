/** What a kiosk's page does not have: zoom, a menu of its own, developer tools. */

interface Preventable {
  preventDefault(): void;
}

/** The part of Electron's WebContents that is locked; main.ts passes the real ones, which proves that it fits. */
export interface RuledContents {
  on(event: "did-finish-load", listener: () => void): unknown;
  on(event: "zoom-changed", listener: () => void): unknown;
  on(event: "context-menu", listener: (event: Preventable) => void): unknown;
  on(event: "devtools-opened", listener: () => void): unknown;
  setZoomFactor(factor: number): void;
  setVisualZoomLevelLimits(lowest: number, highest: number): Promise<void>;
  closeDevTools(): void;
}

/** @param packaged an installed kiosk: developer tools close as they open */
export function ruleContents(contents: RuledContents, packaged: boolean): void {
  const unzoom = () => {
    contents.setZoomFactor(1);
    // Two fingers. It fails for a page that is gone, and the next one is ruled again.
    contents.setVisualZoomLevelLimits(1, 1).catch(() => undefined);
  };
  // Chromium remembers a zoom for each address, over restarts too.
  contents.on("did-finish-load", unzoom);
  // A wheel with Control held.
  contents.on("zoom-changed", unzoom);
  contents.on("context-menu", (event) => event.preventDefault());
  contents.on("devtools-opened", () => {
    if (packaged) contents.closeDevTools();
  });
}
