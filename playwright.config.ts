import { defineConfig } from "@playwright/test";
import { findBrowser } from "./build/browser.ts";

const long = process.env["POLLING_STATION_LONG"] === "1";
const executablePath = findBrowser();
// Chromium refuses its sandbox to root, which is what containers and CI run as.
const isRoot = process.getuid?.() === 0;
const reportFile = process.env["POLLING_STATION_BROWSER_REPORT"];

/** Which program shows the page. Specs read it from `testInfo.project.metadata`. */
const host = (name: "headless" | "electron") => ({ name, metadata: { host: name } });

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  testIgnore: long ? [] : ["**/*.long.spec.ts"],
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: long ? 600_000 : 60_000,
  expect: { timeout: 10_000 },
  reporter: reportFile === undefined ? [["line"]] : [["line"], ["json", { outputFile: reportFile }]],
  use: {
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: isRoot ? ["--no-sandbox"] : [],
    },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [host("headless"), host("electron")],
});
