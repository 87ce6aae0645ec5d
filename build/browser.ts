import { existsSync } from "node:fs";
import { findOnPath } from "./on-path.ts";

const COMMANDS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The Chromium that the browser tests drive: the first of this machine's, else `undefined`. */
export function findBrowser(): string | undefined {
  for (const command of COMMANDS) {
    const found = findOnPath(command);
    if (found !== undefined) return found;
  }
  return APPLICATIONS.find((file) => existsSync(file));
}
