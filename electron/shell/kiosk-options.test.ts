import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kioskWindowOptions } from "./kiosk-options.ts";

const packaged = kioskWindowOptions({ preload: "/app/preload.cjs", packaged: true, dark: false });

test("the page has nothing of Node, nothing of a browser's surroundings, and a sandbox around it", () => {
  // The whole of it: a preference added, lost or changed has to be looked at here too.
  expect(packaged.webPreferences).toEqual({
    preload: "/app/preload.cjs",
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
    devTools: false,
    disableDialogs: true,
    spellcheck: false,
    autoplayPolicy: "no-user-gesture-required",
    backgroundThrottling: false,
  });
});

test("the window is a kiosk that is shown when it has something to show", () => {
  expect(packaged).toMatchObject({ kiosk: true, show: false, autoHideMenuBar: true });
});

test("developer tools are there while developing only", () => {
  const development = kioskWindowOptions({ preload: "p", packaged: false, dark: false });
  expect(development.webPreferences?.devTools).toBe(true);
});

test("the ground before the page is the page's own, in both themes", () => {
  const tokens = readFileSync(join(import.meta.dirname, "..", "..", "renderer", "ui", "tokens.css"), "utf8");
  const papers = [...tokens.matchAll(/--paper: (#[0-9a-f]{6});/g)].map(([, colour]) => colour);
  const dark = kioskWindowOptions({ preload: "p", packaged: true, dark: true });
  expect([packaged.backgroundColor, dark.backgroundColor]).toEqual(papers.slice(0, 2));
});
