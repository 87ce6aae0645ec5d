/**
 * The station in Electron: the same station, its page in a kiosk window of its own. This file is the list of what is
 * done at a start, in order; each line's reasons are in its file. Nothing about votes is decided in this folder.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { app, BrowserWindow, dialog, Menu, safeStorage, session } from "electron";
import { systemClock } from "../clock.ts";
import { makeFolder } from "../files/make-folder.ts";
import { StationUnusable } from "../files/station-unusable.ts";
import { SOFTWARE } from "../host/software.ts";
import type { StationFlags } from "../host/station-flags.ts";
import { startStation } from "../station.ts";
import { readShellFlags } from "./arguments.ts";
import { lockNavigation } from "./navigation.ts";
import { stopBeforeQuit } from "./quit.ts";
import { sealOf } from "./seal.ts";
import { lockSession, refuseStrangers } from "./session-rules.ts";
import { claimInstance } from "./single-instance.ts";
import { openKioskWindow } from "./window.ts";

const TOKEN_BYTES = 32;
/** Long enough to be read and photographed; then the supervisor may try again. */
const ERROR_SHOWN_MS = 60_000;

// Electron would show a box and go on, half dead; ended, a supervisor starts it anew.
process.on("uncaughtException", die);
process.on("unhandledRejection", die);

boot();

function boot(): void {
  const parsed = readShellFlags({ argv: process.argv, packaged: app.isPackaged, userData: app.getPath("userData") });
  if (!parsed.ok) {
    console.error(parsed.why);
    app.exit(2);
    return;
  }
  if (!takeProfile(parsed.flags.directory)) return;
  if (!claimInstance(app, () => BrowserWindow.getAllWindows())) {
    console.error("This station runs already; its window was brought to the front.");
    app.exit(0);
    return;
  }
  refuseStrangers(app);
  // Never a top-level await: Electron gets ready only after this module has ended.
  app.whenReady().then(() => run(parsed.flags), die);
}

async function run(flags: StationFlags): Promise<void> {
  Menu.setApplicationMenu(null);
  lockSession(session.defaultSession);
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const starting = startStation({
    ...flags,
    token,
    // Beside this file once bundled, see build/shell.ts.
    workerUrl: new URL("./log-worker.js", import.meta.url),
    pages: join(import.meta.dirname, "..", "pages"),
    software: SOFTWARE,
    clock: systemClock,
    seal: sealOf(safeStorage),
  });
  stopBeforeQuit(app, process, async () => (await starting).stop(), systemClock.setTimer);
  try {
    const { url } = await starting;
    console.log(`station listening on ${url}`);
    app.on("web-contents-created", (_event, contents) => lockNavigation(contents, url));
    openKioskWindow({
      address: `${url}/?token=${token}`,
      preload: join(import.meta.dirname, "preload.cjs"),
      packaged: app.isPackaged,
      clock: systemClock,
    });
  } catch (error) {
    if (!(error instanceof StationUnusable)) throw error;
    await giveUp(error.message);
  }
}

/** Chromium's profile lies with the station's data, so each data directory has its kiosk, and only one. */
function takeProfile(directory: string): boolean {
  const profile = join(directory, "electron");
  try {
    makeFolder(profile);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const remedy = "Make the directory readable and writable for this user, or name another with --data.";
    console.error(`The data directory ${directory} cannot be used (${cause}). ${remedy}`);
    app.exit(1);
    return false;
  }
  app.setPath("userData", profile);
  return true;
}

/** Say why on stderr and on the screen, where there may be nobody to click it away. */
async function giveUp(message: string): Promise<void> {
  console.error(message);
  const signal = AbortSignal.timeout(ERROR_SHOWN_MS);
  await dialog.showMessageBox({ type: "error", title: "Polling Station", message, buttons: ["Close"], signal });
  app.exit(1);
}

function die(error: unknown): void {
  console.error(error);
  app.exit(1);
}
