/** The bundled shell, with the real station in it, in plain Node: Electron's place is taken by a double. */
import { fork } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Ask } from "./electron-double/ask.ts";
import { PROJECT } from "./dev-tool.ts";
import { buildShell, bundle } from "./shell.ts";

const RUN = join(import.meta.dirname, "electron-double", "run.ts");
const WAIT = { timeout: 15_000, interval: 20 };
/** As in a project: pages beside electron, and node_modules above both for what is not bundled. */
const dist = join(PROJECT, "node_modules", ".cache", `shell-test-${process.pid}`);
const shell = join(dist, "electron");

beforeAll(async () => {
  await buildShell(shell);
  mkdirSync(join(dist, "pages", "station"), { recursive: true });
  mkdirSync(join(dist, "pages", "assets"));
  writeFileSync(join(dist, "pages", "station", "index.html"), "<title>page</title>");
});
afterAll(() => rmSync(dist, { recursive: true, force: true }));

interface Told {
  kind: string;
  [detail: string]: unknown;
}

/** Starts a shell; what it tells is kept in order. */
function start(flags: readonly string[], { main = join(shell, "main.js"), env = {} } = {}) {
  const child = fork(RUN, [main, ...flags], { silent: true, env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  const told: Told[] = [];
  let stdout = "";
  let stderr = "";
  child.on("message", (message) => void told.push(message as Told));
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const all = (kind: string) => told.filter((message) => message.kind === kind);
  return {
    child,
    exited,
    stdout: () => stdout,
    stderr: () => stderr,
    all,
    first: (kind: string) =>
      vi.waitFor(() => {
        const [found] = all(kind);
        if (found === undefined) throw new Error(`nothing of ${kind}; stderr: ${stderr}`);
        return found;
      }, WAIT),
    send: (ask: Ask) => void child.send(ask),
    /** Was it allowed? */
    ask: (ask: Ask) => {
      child.send(ask);
      return vi.waitFor(() => {
        const found = told.findLast((message) => message.kind === "answer" && message["ask"] === ask.ask);
        if (found === undefined) throw new Error(`no answer to ${ask.ask}; stderr: ${stderr}`);
        told.splice(told.indexOf(found), 1);
        return found["allowed"];
      }, WAIT);
    },
  };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "shell-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
const flagsFor = (data: string) => ["--server", "http://127.0.0.1:9", "--data", data, "--port", "0"];

describe("a kiosk that runs", () => {
  test("shows the real station's page in a locked window, to which strangers have no door", async () => {
    const data = folder();
    const kiosk = start(flagsFor(data));
    const loaded = await kiosk.first("loaded");
    expect(loaded).toMatchObject({ pathname: "/", status: 200, type: "text/html; charset=utf-8", strangers: 403 });
    expect(kiosk.stdout().split("\n")[0]).toBe(`station listening on ${String(loaded["origin"])}`);
    await kiosk.first("shown");
    expect(kiosk.all("menu")).toEqual([{ kind: "menu", removed: true }]);
    expect(kiosk.all("path")).toEqual([{ kind: "path", name: "userData", path: join(data, "electron") }]);

    const { options } = await kiosk.first("window");
    const preload = join(shell, "preload.cjs");
    expect(options).toMatchObject({ kiosk: true, show: false, webPreferences: { preload, sandbox: true } });
    expect(existsSync(preload)).toBe(true);

    const origin = String(loaded["origin"]);
    expect(await kiosk.ask({ ask: "navigate", url: `${origin}/` })).toBe(true);
    expect(await kiosk.ask({ ask: "navigate", url: "https://example.org/" })).toBe(false);
    expect(await kiosk.ask({ ask: "redirect", url: "https://example.org/" })).toBe(false);
    expect(await kiosk.ask({ ask: "webview", url: `${origin}/` })).toBe(false);
    for (const ask of ["open", "permission", "check", "device", "download", "certificate"] as const) {
      expect([ask, await kiosk.ask({ ask })]).toEqual([ask, false]);
    }
  });

  test("comes back after its page crashed, and to the front for a second start; a quit stops the station", async () => {
    const data = folder();
    const kiosk = start(flagsFor(data));
    await kiosk.first("loaded");
    kiosk.send({ ask: "crash" });
    await vi.waitFor(() => expect(kiosk.all("loaded")).toHaveLength(2), WAIT);
    kiosk.send({ ask: "second-instance" });
    await kiosk.first("focus");
    kiosk.send({ ask: "quit" });
    expect(await kiosk.exited).toBe(0);
    // Closed in order, so SQLite left no write-ahead log behind.
    expect(existsSync(join(data, "log.sqlite"))).toBe(true);
    expect(existsSync(join(data, "log.sqlite-wal"))).toBe(false);
  });

  test("ends cleanly on SIGTERM", async () => {
    const kiosk = start(flagsFor(folder()));
    await kiosk.first("loaded");
    kiosk.child.kill("SIGTERM");
    expect(await kiosk.exited).toBe(0);
  });
});

describe("a kiosk that cannot run", () => {
  test("ends with 2 for a wrong flag, in one line that names it", async () => {
    const kiosk = start(["--port", "x"]);
    expect(await kiosk.exited).toBe(2);
    expect(kiosk.stderr()).toMatch(/^--port x: .*\nusage: /);
  });

  test("ends as the second instance, without a station of its own", async () => {
    const data = folder();
    const kiosk = start(flagsFor(data), { env: { DOUBLE_IS_SECOND: "1" } });
    expect(await kiosk.exited).toBe(0);
    expect(kiosk.all("window")).toEqual([]);
    expect(existsSync(join(data, "log.sqlite"))).toBe(false);
  });

  test("says on the screen and in one line why the station is unusable, and ends with 1", async () => {
    const data = folder();
    const first = start(flagsFor(data));
    const { origin } = await first.first("loaded");
    const port = new URL(String(origin)).port;
    const second = start(["--data", folder(), "--port", port]);
    expect(await second.exited).toBe(1);
    expect(second.stderr()).toMatch(new RegExp(`^Port ${port} is in use\\..*\n$`));
    expect(second.all("box")).toEqual([{ kind: "box", message: second.stderr().trim() }]);
  });

  test("names a data directory that cannot be made", async () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    const kiosk = start(flagsFor(join(file, "data")));
    expect(await kiosk.exited).toBe(1);
    expect(kiosk.stderr()).toMatch(/^The data directory .* cannot be used \(.*\)\. Make the directory .*\n$/);
  });
});

test("the double is as strict as Electron: a shell that awaits readiness while it is loaded never gets there", async () => {
  const main = join(folder(), "main.mjs");
  writeFileSync(main, 'import { app } from "electron"; await app.whenReady(); console.log("ready");');
  const kiosk = start([], { main });
  expect(await kiosk.exited).toBe(13);
  expect(kiosk.stdout()).toBe("");
});

describe("the bundles", () => {
  test("the preload script is CommonJS and needs nothing but Electron, as the sandbox has nothing else", () => {
    const source = readFileSync(join(shell, "preload.cjs"), "utf8");
    expect([...source.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name)).toEqual(["electron"]);
    expect(source).not.toMatch(/^(?:import|export) /m);
  });

  test("the log's worker opens a log by itself", async () => {
    const worker = new Worker(join(shell, "log-worker.js"), { workerData: { path: join(folder(), "log.sqlite") } });
    const answer = await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    await worker.terminate();
    expect(answer).toMatchObject({ kind: "opened", logs: [] });
  });

  test("what cannot be resolved is an error, not a surprise at the event", async () => {
    const entry = join(folder(), "broken.ts");
    writeFileSync(entry, 'import { x } from "no-such-package"; console.log(x);');
    await expect(bundle({ entry, file: "broken.js", format: "esm" }, folder())).rejects.toThrow(/no-such-package/);
  });
});
