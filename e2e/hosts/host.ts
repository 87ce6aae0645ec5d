/**
 * `test` for specs that run on every host: Electron and the headless station beside a Chromium, by Playwright's project.
 * Whatever a test started is stopped by its id when the test ends, however it ends.
 */
import { test as base, type Browser } from "@playwright/test";
import { startServerProgram, type ServerOptions, type ServerProgram } from "../rig/server-program.ts";
import type { StationOptions } from "../rig/station-program.ts";
import { startElectronKiosk } from "./electron-kiosk.ts";
import { startHeadlessKiosk } from "./headless-kiosk.ts";
import type { Kiosk } from "./kiosk.ts";

interface Fixtures {
  /** `station.start({ server, demo, readers })`: a station and its page. */
  station: { start(options: StationOptions): Promise<Kiosk> };
  /** `server.start()`: a central server with its organiser. */
  server: { start(options?: ServerOptions): Promise<ServerProgram> };
}

interface WorkerFixtures {
  /** Chromium, started by the first test that needs it: the Electron project has none. */
  chromium: () => Promise<Browser>;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  chromium: [
    async ({ playwright, launchOptions }, provide) => {
      let browser: Promise<Browser> | undefined;
      await provide(() => (browser ??= playwright.chromium.launch(launchOptions)));
      await (await browser)?.close();
    },
    { scope: "worker" },
  ],

  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern; it has none
  server: async ({}, provide) => {
    const started: ServerProgram[] = [];
    await provide({
      async start(options) {
        const server = await startServerProgram(options);
        started.push(server);
        return server;
      },
    });
    await Promise.all(started.map((server) => server.kill9()));
  },

  // It names `server` only to be torn down before it: else each station would find its server gone.
  station: async ({ chromium, server: _server }, provide, testInfo) => {
    const started: Kiosk[] = [];
    await provide({
      async start(options) {
        const kiosk =
          testInfo.project.metadata["host"] === "electron"
            ? await startElectronKiosk(options)
            : await startHeadlessKiosk(options, await chromium());
        started.push(kiosk);
        return kiosk;
      },
    });
    await Promise.all(started.map((kiosk) => kiosk.dispose()));
  },
});

export { expect } from "@playwright/test";
