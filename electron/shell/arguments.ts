/** The station's command line under Electron, where the program's and Chromium's own arguments stand among ours. */
import { join, resolve } from "node:path";
import { USAGE, parseStationFlags, type StationFlags } from "../host/station-flags.ts";

/** Chromium takes these by itself; a kiosk may need them for its graphics, as root, or on Wayland. */
const CHROMIUM_SWITCHES = new Set([
  "no-sandbox",
  "disable-gpu",
  "force-device-scale-factor",
  "lang",
  "ozone-platform",
  "ozone-platform-hint",
  "touch-events",
  "use-gl",
]);

interface Start {
  argv: readonly string[];
  /** A packaged program has no entry file among its arguments. */
  packaged: boolean;
  /** Electron's folder for this user: a packaged program is started from anywhere. */
  userData: string;
}

type ShellFlags = { ok: true; flags: StationFlags } | { ok: false; why: string };

/** The station's flags, `directory` absolute; or what is wrong with them, and how to write them, for people. */
export function readShellFlags({ argv, packaged, userData }: Start): ShellFlags {
  const own = ownArguments(argv, packaged).filter((argument) => !isChromiumSwitch(argument));
  // The last `--data` counts, so this is no more than another default.
  const parsed = parseStationFlags(packaged ? ["--data", join(userData, "station"), ...own] : own);
  if (!parsed.ok) return { ok: false, why: `${parsed.why}\nusage: ${USAGE}` };
  if (parsed.flags.headless) {
    return { ok: false, why: "--headless: Electron always has a window; use npm run station -- --headless" };
  }
  return { ok: true, flags: { ...parsed.flags, directory: resolve(parsed.flags.directory) } };
}

/** `electron [switches] <entry> ours …`, or `<program> ours …`. */
function ownArguments(argv: readonly string[], packaged: boolean): readonly string[] {
  if (packaged) return argv.slice(1);
  const entry = argv.findIndex((argument, at) => at > 0 && !argument.startsWith("-"));
  return entry < 0 ? [] : argv.slice(entry + 1);
}

function isChromiumSwitch(argument: string): boolean {
  const [, name] = /^--([a-z-]+)(?:=|$)/.exec(argument) ?? [];
  return name !== undefined && CHROMIUM_SWITCHES.has(name);
}
