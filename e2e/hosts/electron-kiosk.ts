/** The Electron host: the built shell, driven by Playwright. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import { PROJECT, type Exit } from "../rig/program.ts";
import { openScratch } from "../rig/scratch.ts";
import { stationHealth } from "../rig/station-health.ts";
import { stationArguments, type StationOptions } from "../rig/station-program.ts";
import { within } from "../rig/within.ts";
import type { Kiosk } from "./kiosk.ts";

const MAIN = join(PROJECT, "dist", "electron", "main.js");
const STOP_MS = 6_000;

interface Running {
  app: ElectronApplication;
  page: Page;
  /** Electron's own; the child is a shell around it on Windows. */
  pid: number;
  exited: Promise<Exit>;
}

export interface ElectronKiosk extends Kiosk {
  /** Electron's main process, as it is now. */
  readonly app: ElectronApplication;
}

export async function startElectronKiosk(options: StationOptions): Promise<ElectronKiosk> {
  if (!existsSync(MAIN)) throw new Error(`No built shell at ${MAIN}. Run "npm run build:shell" first.`);
  if (options.through !== undefined) throw new Error("a test that runs the station through a command is for headless");
  const data = options.data ?? openScratch("station");
  let running = await launch(options, data, options.port ?? 0);
  const url = new URL(running.page.url()).origin;
  const kill9 = () => end(running, "SIGKILL");
  const stop = () => end(running, "SIGTERM");
  return {
    url,
    data,
    get app() {
      return running.app;
    },
    get page() {
      return running.page;
    },
    get pid() {
      return running.pid;
    },
    health: () => stationHealth(url),
    kill9,
    stop,
    async restart() {
      await stop();
      running = await launch(options, data, Number(new URL(url).port));
    },
    async dispose() {
      await kill9();
    },
  };
}

async function launch(options: StationOptions, data: string, port: number): Promise<Running> {
  const env = Object.entries({ ...process.env, ...options.env }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const app = await _electron.launch({
    args: [MAIN, ...stationArguments(options, data, port)],
    env: Object.fromEntries(env),
  });
  const child = app.process();
  const exited = new Promise<Exit>((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  try {
    const page = await app.firstWindow();
    // It comes by way of the token's address; what a test sees is the page itself.
    await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    return { app, page, pid: await app.evaluate(() => process.pid), exited };
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function end({ app, pid, exited }: Running, signal: "SIGTERM" | "SIGKILL"): Promise<Exit> {
  const child = app.process();
  if (child.exitCode === null && child.signalCode === null) {
    // Windows has no SIGTERM: there a person closes the window, or the system asks to quit.
    if (signal === "SIGTERM" && process.platform === "win32") void app.close();
    else process.kill(pid, signal);
  }
  try {
    return await within(STOP_MS, `Electron (pid ${pid}) to end after ${signal}`, exited);
  } catch (error) {
    process.kill(pid, "SIGKILL");
    throw error;
  }
}
