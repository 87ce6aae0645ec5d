/**
 * `node build/packaged-smoke.ts PROGRAM [ARGUMENT …]`: an installed kiosk started once. Not through Playwright: that needs
 * the inspector, which a fuse has taken out. It has to serve its health, show its page, and stop when it is told to.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A hosted computer unpacks and starts for the first time. */
const START_MS = 60_000;
/** What the station promises, and a second start besides. */
const STOP_MS = 15_000;

/** Throws what is missing. Its data is its own, and gone afterwards. */
export async function smoke(program: string, args: readonly string[]): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "packaged-"));
  const flags = [...args, "--server", "http://127.0.0.1:9", "--port", "0", "--data", data];
  const kiosk = spawn(program, flags, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise<number | null>((resolve, reject) => {
    kiosk.once("exit", resolve);
    kiosk.once("error", reject);
  });
  // Awaited at the end; an error before that is told by whatever waits then.
  exited.catch(() => undefined);
  try {
    const lines = createInterface({ input: kiosk.stdout })[Symbol.asyncIterator]();
    const line = async (what: string) => {
      const { value, done } = await within(START_MS, what, lines.next());
      if (done === true) throw new Error(`the program ended before ${what}`);
      console.log(value);
      return value;
    };
    const [, url] = /^station listening on (http:\S+)$/.exec(await line("its address")) ?? [];
    if (url === undefined) throw new Error("its first line is not its address");
    const health = await fetch(`${url}/healthz`);
    if (!health.ok) throw new Error(`its health is ${health.status}: ${await health.text()}`);
    if ((await line("its page")) !== "The page is shown.") throw new Error("its page is not shown");
    const quit = spawn(program, [...args, "--data", data, "--quit"], { stdio: "inherit" });
    const code = await within(STOP_MS, "its end", exited);
    if (code !== 0) throw new Error(`it ended with ${code}`);
    quit.kill("SIGKILL");
  } finally {
    kiosk.kill("SIGKILL");
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function within<Value>(ms: number, what: string, promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

if (import.meta.main) {
  const [program, ...args] = process.argv.slice(2);
  if (program === undefined) {
    console.error("usage: node build/packaged-smoke.ts PROGRAM [ARGUMENT …]");
    process.exit(2);
  }
  await smoke(program, args);
  console.log("The packaged kiosk starts, shows its page and stops.");
}
