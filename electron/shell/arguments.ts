/** The program's command line under Electron, where Electron's and Chromium's own arguments stand among ours. */
import { join, resolve } from "node:path";
import { USAGE as STATION_USAGE, parseStationFlags, type StationFlags } from "../host/station-flags.ts";

/** Chromium takes these by itself; a kiosk may need them for its graphics, as root, on Wayland, or for its keyring. */
const CHROMIUM_SWITCHES = new Set([
  "no-sandbox",
  "disable-gpu",
  "force-device-scale-factor",
  "lang",
  "ozone-platform",
  "ozone-platform-hint",
  "password-store",
  "touch-events",
  "use-gl",
]);
const USAGE = `${STATION_USAGE}\n       and, of the installed program: [--autostart on|off] [--quit] [--version]`;

interface Start {
  argv: readonly string[];
  /** A packaged program has no entry file among its arguments. */
  packaged: boolean;
  /** Electron's folder for this user: a packaged program is started from anywhere. */
  userData: string;
}

/** What is to be done: run the station, or something short and then end. */
export type Errand =
  | { kind: "run" }
  | { kind: "version" }
  /** Tell the station that runs on this data to stop. */
  | { kind: "quit" }
  /** @prop args what the program is to be started with, `--data` absolute */
  | { kind: "autostart"; on: boolean; args: string[] };

type ShellFlags = { ok: true; errand: Errand; flags: StationFlags } | { ok: false; why: string };

/** The errand and the station's flags, `directory` absolute; or what is wrong with them, and how to write them. */
export function readShellFlags({ argv, packaged, userData }: Start): ShellFlags {
  const taken = takeErrand(ownArguments(argv, packaged));
  if (typeof taken === "string") return { ok: false, why: `${taken}\nusage: ${USAGE}` };
  const own = taken.rest.filter((argument) => !isChromiumSwitch(argument));
  // The last `--data` counts, so this is no more than another default.
  const parsed = parseStationFlags(packaged ? ["--data", join(userData, "station"), ...own] : own);
  if (!parsed.ok) return { ok: false, why: `${parsed.why}\nusage: ${USAGE}` };
  if (parsed.flags.headless) {
    return { ok: false, why: "--headless: Electron always has a window; use npm run station -- --headless" };
  }
  const directory = resolve(parsed.flags.directory);
  const { errand } = taken;
  if (errand.kind === "autostart" && own.some((argument) => /^--data(=|$)/.test(argument))) {
    // It is started from another folder then; the last one counts.
    errand.args.push("--data", directory);
  }
  return { ok: true, errand, flags: { ...parsed.flags, directory } };
}

/** Our own errand out of the arguments, and the rest of them; or what is wrong. */
function takeErrand(own: readonly string[]): { errand: Errand; rest: string[] } | string {
  const rest = [...own];
  const take = (flag: string) => {
    const at = rest.indexOf(flag);
    return at >= 0 && rest.splice(at, 1).length > 0;
  };
  if (take("--version")) return { errand: { kind: "version" }, rest: [] };
  if (take("--quit")) return { errand: { kind: "quit" }, rest };
  const at = rest.findIndex((argument) => /^--autostart(=|$)/.test(argument));
  if (at < 0) return { errand: { kind: "run" }, rest };
  const [flag = ""] = rest.splice(at, 1);
  const value = flag.includes("=") ? flag.slice(flag.indexOf("=") + 1) : (rest.splice(at, 1)[0] ?? "");
  if (value !== "on" && value !== "off") return `--autostart ${value}: on or off is needed`;
  return { errand: { kind: "autostart", on: value === "on", args: [...rest] }, rest };
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
