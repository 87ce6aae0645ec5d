/** What the tests need from this machine beyond npm: found, else installed where we may, else named with its command. */
import { findBrowser } from "./browser.ts";
import { runBounded } from "./bounded-child.ts";
import { findOnPath } from "./on-path.ts";

/** Tool → its path, `undefined` when the machine has none. */
export interface SetupReport {
  chromium: string | undefined;
  socat: string | undefined;
  strace: string | undefined;
}

const WHY: Record<keyof SetupReport, string> = {
  chromium: "the browser tests and the kiosk without Electron",
  socat: "the tests on a pair of pseudo-terminals",
  strace: "the tests that watch the disk being written before success is shown",
};
const UPDATE_TIMEOUT_MS = 120_000;
const INSTALL_TIMEOUT_MS = 600_000;

/** Looks for every tool, without installing any. */
export function findTools(): SetupReport {
  return { chromium: findBrowser(), socat: findOnPath("socat"), strace: findOnPath("strace") };
}

/** The names of the tools that a report lacks; they are also the names of their Debian packages. */
export function missingTools(report: SetupReport): (keyof SetupReport)[] {
  return (["chromium", "socat", "strace"] as const).filter((tool) => report[tool] === undefined);
}

/** How a person installs these tools, on one line. */
export function installCommand(tools: readonly string[], asRoot: boolean): string {
  return `${asRoot ? "" : "sudo "}apt-get install -y --no-install-recommends ${tools.join(" ")}`;
}

/** Finds the tools, installs missing ones where that is possible, names the rest. Prints as it goes. */
export async function setUp(): Promise<SetupReport> {
  const missing = missingTools(findTools());
  if (missing.length > 0 && mayInstall()) await install(missing);

  const report = findTools();
  for (const tool of missingTools(report)) {
    console.log(`missing: ${tool} (for ${WHY[tool]}); install it with: ${installCommand([tool], isRoot())}`);
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
