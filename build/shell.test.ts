/** The bundled shell, with the real station in it, in plain Node: Electron's place is taken by a double. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bundledShell, flagsFor, folder, startShell } from "./electron-double/start.ts";
import { bundle } from "./shell.ts";

// Some start three whole programs; on a busy computer that alone takes seconds.
vi.setConfig({ testTimeout: 60_000 });

let built: Awaited<ReturnType<typeof bundledShell>>;
beforeAll(async () => {
  built = await bundledShell();
});
afterAll(() => built.remove());

const start = (flags: readonly string[], env?: Record<string, string>) => startShell(built.main, flags, env);

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
    const preload = join(built.folder, "preload.cjs");
    expect(options).toMatchObject({ kiosk: true, show: false, webPreferences: { preload, sandbox: true } });
    expect(existsSync(preload)).toBe(true);

    const origin = String(loaded["origin"]);
    expect(await kiosk.ask({ ask: "navigate", url: `${origin}/` })).toBe(true);
    expect(await kiosk.ask({ ask: "navigate", url: "https://example.org/" })).toBe(false);
    expect(await kiosk.ask({ ask: "redirect", url: "https://example.org/" })).toBe(false);
    expect(await kiosk.ask({ ask: "webview", url: `${origin}/` })).toBe(false);
    for (const ask of ["open", "device", "download", "certificate"] as const) {
      expect([ask, await kiosk.ask({ ask })]).toEqual([ask, false]);
    }
    // The camera, to read a server's address from a QR code: to the page itself, and nothing else to anybody.
    for (const ask of ["permission", "check"] as const) {
      expect(await kiosk.ask({ ask, url: `${origin}/` })).toBe(true);
      expect(await kiosk.ask({ ask, url: `${origin}/`, media: "audio" })).toBe(false);
      expect(await kiosk.ask({ ask, url: `${origin}/`, inFrame: true })).toBe(false);
      expect(await kiosk.ask({ ask, url: `${origin}/`, permission: "geolocation" })).toBe(false);
      expect(await kiosk.ask({ ask, url: "https://example.org/" })).toBe(false);
    }
  });

  test("comes back after its page crashed; a quit stops the station", async () => {
    const data = folder();
    const kiosk = start(flagsFor(data));
    await kiosk.first("loaded");
    kiosk.send({ ask: "crash" });
    await kiosk.nth("loaded", 2);
    kiosk.send({ ask: "quit" });
    expect(await kiosk.exited).toBe(0);
    // Closed in order, so SQLite left no write-ahead log behind.
    expect(existsSync(join(data, "log.sqlite"))).toBe(true);
    expect(existsSync(join(data, "log.sqlite-wal"))).toBe(false);
  });

  test.skipIf(process.platform === "win32")("ends cleanly on SIGTERM", async () => {
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

  test("ends as the second instance, without a station of its own, and brings the first to the front", async () => {
    const data = folder();
    const first = start(flagsFor(data));
    await first.first("loaded");
    const second = start(flagsFor(data));
    expect(await second.exited).toBe(0);
    expect([second.stdout(), second.all("window")]).toEqual(["", []]);
    expect(second.stderr()).toMatch(/^This station runs already; .*\n$/);
    await first.first("focus");
    expect(first.child.exitCode).toBeNull();
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
  const kiosk = startShell(main, []);
  expect(await kiosk.exited).toBe(13);
  expect(kiosk.stdout()).toBe("");
});

describe("the bundles", () => {
  test("the preload script is CommonJS and needs nothing but Electron, as the sandbox has nothing else", () => {
    const source = readFileSync(join(built.folder, "preload.cjs"), "utf8");
    expect([...source.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name)).toEqual(["electron"]);
    expect(source).not.toMatch(/^(?:import|export) /m);
  });

  test("the log's worker opens a log by itself", async () => {
    const worker = new Worker(join(built.folder, "log-worker.js"), {
      workerData: { path: join(folder(), "log.sqlite") },
    });
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
