/** Starting with the computer's session: what has to be written where, on each system. Turned on twice is on once. */
// These are paths of systems that write them so, wherever the tests run.
import { posix } from "node:path";

/** Names the file or the entry; one kiosk for each user of a computer. */
const AUTOSTART_NAME = "polling-station";
const LAUNCH_AGENT = "org.polling-station.kiosk";

export interface AutostartWish {
  on: boolean;
  platform: NodeJS.Platform;
  /** The program that runs now. */
  execPath: string;
  /** What it is to be started with. */
  args: readonly string[];
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
}

export type AutostartPlan =
  /** A file with this text, or none when `text` is null. */
  | { kind: "file"; path: string; text: string | null }
  /** For Electron's `app.setLoginItemSettings`. */
  | { kind: "login-item"; settings: { openAtLogin: boolean; name: string; path: string; args: string[] } }
  | { kind: "refused"; why: string };

export function planAutostart({ on, platform, execPath, args, home, environment }: AutostartWish): AutostartPlan {
  // An AppImage runs from a mount that is gone tomorrow; it names its own file here.
  const program = environment["APPIMAGE"] || execPath;
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if ([program, ...args].some((text) => /[\u0000-\u001f]/.test(text))) {
    return { kind: "refused", why: "--autostart: a control character in a path or flag cannot be written down" };
  }
  switch (platform) {
    case "linux": {
      const folder = environment["XDG_CONFIG_HOME"] || posix.join(home, ".config");
      const path = posix.join(folder, "autostart", `${AUTOSTART_NAME}.desktop`);
      return { kind: "file", path, text: on ? desktopEntry(program, args) : null };
    }
    case "darwin": {
      // Not a login item: those start without flags, and are not started again after a crash.
      const path = posix.join(home, "Library", "LaunchAgents", `${LAUNCH_AGENT}.plist`);
      return { kind: "file", path, text: on ? launchAgent(program, args) : null };
    }
    case "win32": {
      const settings = { openAtLogin: on, name: AUTOSTART_NAME, path: `"${program}"`, args: args.map(quoteForWindows) };
      return { kind: "login-item", settings };
    }
    case "aix":
    case "android":
    case "cygwin":
    case "freebsd":
    case "haiku":
    case "netbsd":
    case "openbsd":
    case "sunos":
      return { kind: "refused", why: `--autostart: not known how on ${platform}` };
  }
}

/** Desktop Entry Specification 1.5: "The Exec key", and the escapes of a value of type string around it. */
function desktopEntry(program: string, args: readonly string[]): string {
  const exec = [program, ...args].map(quoteForExec).join(" ").replaceAll("\\", "\\\\");
  return [
    "[Desktop Entry]",
    "Type=Application",
    "Name=Polling Station",
    `Exec=${exec}`,
    "Terminal=false",
    "X-GNOME-Autostart-enabled=true",
    "",
  ].join("\n");
}

/** Everything in quotes, so that only four characters need an escape; a percent sign would be a field code. */
function quoteForExec(text: string): string {
  return `"${text.replace(/["`$\\]/g, "\\$&").replaceAll("%", "%%")}"`;
}

/** launchd.plist(5): started at log-in, and again when it did not end by itself with 0. */
function launchAgent(program: string, args: readonly string[]): string {
  const strings = [program, ...args].map((text) => `    <string>${escapeXml(text)}</string>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    "<dict>",
    `  <key>Label</key><string>${LAUNCH_AGENT}</string>`,
    "  <key>ProgramArguments</key>",
    "  <array>",
    ...strings,
    "  </array>",
    "  <key>RunAtLoad</key><true/>",
    "  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>",
    "  <key>ProcessType</key><string>Interactive</string>",
    "</dict>",
    "</plist>",
    "",
  ].join("\n");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** As CommandLineToArgvW reads it: backslashes count only before a quote. */
function quoteForWindows(text: string): string {
  return `"${text.replace(/(\\*)("|$)/g, (_all, slashes: string, quote: string) => `${slashes}${slashes}${quote && `\\${quote}`}`)}"`;
}
