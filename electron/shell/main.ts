/**
 * The station in Electron: the same station, its page in a kiosk window of its own. This file is the list of what is
 * done at a start, in order; each line's reasons are in its file. Nothing about votes is decided in this folder.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { app, BrowserWindow, dialog, Menu, powerMonitor, safeStorage, session } from "electron";
import { systemClock } from "../clock.ts";
import { makeFolder } from "../files/make-folder.ts";
import { StationUnusable } from "../files/station-unusable.ts";
import { SOFTWARE } from "../host/software.ts";
import type { StationFlags } from "../host/station-flags.ts";
import { startStation } from "../station.ts";
import { readShellFlags, type Errand } from "./arguments.ts";
import { ruleContents } from "./contents-rules.ts";
import { setAutostart } from "./errands.ts";
import { lockKeys } from "./keys.ts";
import { lockNavigation } from "./navigation.ts";
import { quitOnShutdown, stopBeforeQuit } from "./quit.ts";
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
  if (!parsed.ok) return leave(2, parsed.why);
  const { errand, flags } = parsed;
  if (errand.kind === "version") return leave(0, SOFTWARE);
  if (errand.kind === "autostart") {
    const { code, line } = setAutostart(app, errand);
    return leave(code, line);
  }
  return claim(errand, flags);
}

/** One program for each data directory: this one, or one that runs already and is told what is wanted. */
function claim({ kind }: Extract<Errand, { kind: "run" | "quit" }>, flags: StationFlags): void {
  if (!takeProfile(flags.directory)) return;
  const first = claimInstance(app, kind === "quit" ? "quit" : "show", () => BrowserWindow.getAllWindows());
  if (kind === "quit") return leave(0, first ? "No station runs on this data." : "The station was told to stop.");
  if (!first) {
    // Not on stdout: there the first line of a start is the station's address.
    say("This station runs already; its window was brought to the front.");
    return app.exit(0);
  }
  refuseStrangers(app);
  // Never a top-level await: Electron gets ready only after this module has ended.
  app.whenReady().then(() => run(flags), die);
}

async function run(flags: StationFlags): Promise<void> {
  Menu.setApplicationMenu(null);
  let origin: string | null = null;
  lockSession(session.defaultSession, () => origin);
  const packaged = app.isPackaged;
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const sealing = sealOf(safeStorage, process.platform);
  if (sealing.seal === null) say(sealing.why);
  const starting = startStation({
    ...flags,
    token,
    // Beside this file once bundled, see build/shell.ts.
    workerUrl: new URL("./log-worker.js", import.meta.url),
    pages: join(import.meta.dirname, "..", "pages"),
    software: SOFTWARE,
    clock: systemClock,
    seal: sealing.seal,
  });
  const quitting = stopBeforeQuit(app, process, async () => (await starting).stop(), systemClock.setTimer);
  quitOnShutdown(app, powerMonitor);
  try {
    const { url, windowTrouble } = await starting;
    // Told to stop before it had begun: it is stopping now, and needs no window for that.
    if (quitting()) return;
    origin = url;
    console.log(`station listening on ${url}`);
    app.on("web-contents-created", (_event, contents) => {
      lockNavigation(contents, url);
      lockKeys(contents, { packaged, mac: process.platform === "darwin" });
      ruleContents(contents, packaged);
    });
    openKioskWindow({
      origin: url,
      address: `${url}/?token=${token}`,
      preload: join(import.meta.dirname, "preload.cjs"),
      packaged,
      quitting,
      say(line) {
        say(line);
        windowTrouble(line);
      },
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
    leave(1, `The data directory ${directory} cannot be used (${cause}). ${remedy}`);
    return false;
  }
  app.setPath("userData", profile);
  return true;
}

/** Say why on stderr and on the screen, where there may be nobody to click it away. */
async function giveUp(message: string): Promise<void> {
  say(message);
  const signal = AbortSignal.timeout(ERROR_SHOWN_MS);
  await dialog.showMessageBox({ type: "error", title: "Polling Station", message, buttons: ["Close"], signal });
  app.exit(1);
}

function leave(code: 0 | 1 | 2, line: string): void {
  if (code === 0) console.log(line);
  else say(line);
  app.exit(code);
}

function say(line: string): void {
  console.error(line);
}

function die(error: unknown): void {
  console.error(error);
  app.exit(1);
}
