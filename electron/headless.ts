/** The station without Electron: the same station, its page in a Chromium kiosk window, or its address printed. */
import { join } from "node:path";
import { systemClock } from "./clock.ts";
import { makeFolder } from "./files/make-folder.ts";
import { StationUnusable } from "./files/station-unusable.ts";
import { findChromium, hasScreen, kioskFlags, openChromium, startProgram, type KioskWindow } from "./host/chromium.ts";
import { SOFTWARE } from "./host/software.ts";
import { USAGE, parseStationFlags, type StationFlags } from "./host/station-flags.ts";
import { startStation, type Station } from "./station.ts";

/** A disk that hangs must not keep a computer from shutting down. */
const STOP_MS = 4_500;

const parsed = parseStationFlags(process.argv.slice(2));
if (process.argv.includes("--help")) console.log(`usage: ${USAGE}`);
else if (parsed.ok) await run(parsed.flags);
else {
  console.error(`${parsed.why}\nusage: ${USAGE}`);
  process.exitCode = 2;
}

async function run(flags: StationFlags): Promise<void> {
  let window: KioskWindow | undefined;
  const starting = startStation({
    ...flags,
    workerUrl: new URL("./log/log-worker.ts", import.meta.url),
    pages: join(import.meta.dirname, "..", "dist", "pages"),
    software: SOFTWARE,
    clock: systemClock,
    // No keychain is there for a program without a window of its own.
    seal: null,
  });
  // From now on, not from the first line on: whoever stops it may be quicker than that.
  stopOnSignal(async () => {
    const station = await starting;
    await window?.stop();
    await station.stop();
  });
  try {
    const station = await starting;
    console.log(`station listening on ${station.url}`);
    if (!flags.headless) window = openWindow(station, flags.directory);
  } catch (error) {
    if (!(error instanceof StationUnusable)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function openWindow({ url, windowTrouble }: Station, directory: string): KioskWindow | undefined {
  const program = findChromium();
  if (program === undefined || !hasScreen()) {
    const missing = program === undefined ? "no Chromium was found" : "there is no screen";
    console.log(`Open ${url} in a browser (${missing}, so no window was opened).`);
    return undefined;
  }
  const profile = join(directory, "browser");
  // Not left to the browser and the umask: what it keeps of the page is nobody else's.
  makeFolder(profile);
  const flags = kioskFlags(url, profile, process.getuid?.() === 0);
  const say = (line: string) => {
    console.log(line);
    windowTrouble(line);
  };
  return openChromium(program, flags, { say, start: startProgram, clock: systemClock });
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), STOP_MS).unref();
    void stop().finally(() => process.exit(0));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
}
