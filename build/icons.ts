/** `node build/icons.ts`: the program's icon from the page's, drawn by a browser. Its result is kept in the project. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { findBrowser } from "./browser.ts";
import { PROJECT } from "./dev-tool.ts";

/** macOS wants this much; the other systems shrink it. */
const PIXELS = 1_024;

const svg = readFileSync(join(PROJECT, "renderer", "station", "icon.svg"), "utf8");
const executablePath = findBrowser();
const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args });
const page = await browser.newPage({ viewport: { width: PIXELS, height: PIXELS } });
await page.setContent(
  `<style>html, body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${svg}`,
);
await page.screenshot({ path: join(PROJECT, "build", "icons", "icon.png"), omitBackground: true });
await browser.close();
