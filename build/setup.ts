/** What the tests need from this machine beyond npm: found, else installed where we may, else named with its command. */
import { existsSync } from "node:fs";
import { findBrowser } from "./browser.ts";
import { runBounded } from "./bounded-child.ts";
import { findOnPath } from "./on-path.ts";

export interface Tool {
  /** Of its Debian package. */
  readonly name: string;
  /** What it is for, after "for". */
  readonly why: string;
  /** Its path, `undefined` when the machine has none. */
  readonly find: () => string | undefined;
}

/** One entry for each tool. */
const TOOLS: readonly Tool[] = [
  { name: "chromium", why: "the browser tests and the kiosk without Electron", find: findBrowser },
  { name: "socat", why: "the tests on a pair of pseudo-terminals", find: () => findOnPath("socat") },
  {
    name: "strace",
    why: "the tests that watch the disk being written before success is shown",
    find: () => findOnPath("strace"),
  },
  {
    name: "pcscd",
    why: "the tests of PC/SC readers",
    // It is a service: not in everybody's PATH.
    find: () => findFile("/usr/sbin/pcscd") ?? findOnPath("pcscd"),
  },
  {
    name: "vsmartcard-vpcd",
    why: "the virtual PC/SC readers of those tests",
    find: () => findFile("/usr/lib/pcsc/drivers/serial/libifdvpcd.so"),
  },
  { name: "dbus", why: "the bus of the tests of the network's state", find: () => findOnPath("dbus-daemon") },
  {
    name: "python3-dbusmock",
    why: "NetworkManager as those tests play it",
    // Debian's own Python has it, whichever other stands first on the path.
    find: () => findFile("/usr/lib/python3/dist-packages/dbusmock"),
  },
];

/** What was found: the browser's path, and the tools that are not here. */
export interface SetupReport {
  chromium: string | undefined;
  missing: readonly Tool[];
}

const UPDATE_TIMEOUT_MS = 120_000;
const INSTALL_TIMEOUT_MS = 600_000;

/** Looks for every tool, without installing any. */
export function findTools(tools: readonly Tool[] = TOOLS): SetupReport {
  return { chromium: findBrowser(), missing: tools.filter(({ find }) => find() === undefined) };
}

function findFile(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

/** How a person installs these tools, on one line. */
export function installCommand(tools: readonly string[], asRoot: boolean): string {
  return `${asRoot ? "" : "sudo "}apt-get install -y --no-install-recommends ${tools.join(" ")}`;
}

/** Finds the tools, installs missing ones where that is possible, names the rest. Prints as it goes. */
export async function setUp(): Promise<SetupReport> {
  const { missing } = findTools();
  if (missing.length > 0 && mayInstall()) await install(missing.map(({ name }) => name));

  const report = findTools();
  for (const { name, why } of report.missing) {
    console.log(`missing: ${name} (for ${why}); install it with: ${installCommand([name], isRoot())}`);
  }
  return report;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Debian and its children, as root: elsewhere we would have to ask for a password or guess a package's name. */
function mayInstall(): boolean {
  return process.platform === "linux" && isRoot() && findOnPath("apt-get") !== undefined;
}

async function install(tools: readonly string[]): Promise<void> {
  console.log(`installing ${tools.join(", ")} …`);
  // The lists of a fresh machine are empty or old. When updating fails, what is known may still do.
  await aptGet(["update"], UPDATE_TIMEOUT_MS);
  await aptGet(["install", "-y", "--no-install-recommends", ...tools], INSTALL_TIMEOUT_MS);
}

async function aptGet(args: readonly string[], timeoutMs: number): Promise<void> {
  // Another apt at work (unattended upgrades) holds the lock for a while; wait for it within our own bound.
  const lockWait = ["-o", "DPkg::Lock::Timeout=60"];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const { code, output, timedOut } = await runBounded("apt-get", ["-q", ...lockWait, ...args], {
    timeoutMs,
    output: "keep",
    env,
  });
  if (code === 0) return;
  const reason = timedOut ? `not done within ${timeoutMs / 1000} s` : output.trim().split("\n").slice(-5).join("\n");
  console.log(`apt-get ${args[0] ?? ""} failed: ${reason}`);
}

if (import.meta.main) await setUp();
