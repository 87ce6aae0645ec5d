/** The bundled shell as an installed kiosk: what people, pages and crashes can do to it. The double is Electron. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bundledShell, flagsFor, folder, startShell, WAIT } from "./electron-double/start.ts";

/** Ten seconds of a silent page in one; faster, and on a busy computer a page that loads would seem blank. */
const HASTE = { DOUBLE_HASTE: "10" };

// Each starts whole programs; on a busy computer that alone takes seconds.
vi.setConfig({ testTimeout: 60_000 });

let built: Awaited<ReturnType<typeof bundledShell>>;
beforeAll(async () => {
  built = await bundledShell();
});
afterAll(() => built.remove());

/** The installed program. */
const install = (flags: readonly string[], env?: Record<string, string>) =>
  startShell(built.main, flags, { DOUBLE_IS_PACKAGED: "1", ...env });

async function openKiosk(env?: Record<string, string>) {
  const data = folder();
  const kiosk = install(flagsFor(data), env);
  await kiosk.first("told");
  return { ...kiosk, data };
}

describe("a person at the kiosk", () => {
  test("has no keys but those the page needs, no menu, no zoom, no tools, and cannot close or shrink the window", async () => {
    const kiosk = await openKiosk();
    for (const key of ["F5", "F11", "F12", "BrowserBack"]) expect(await kiosk.ask({ ask: "key", key })).toBe(false);
    for (const key of ["r", "w", "q", "p", "+"]) {
      expect([key, await kiosk.ask({ ask: "key", key, control: true })]).toEqual([key, false]);
    }
    for (const key of ["Enter", "7", "Tab"]) expect(await kiosk.ask({ ask: "key", key })).toBe(true);
    expect(await kiosk.ask({ ask: "close" })).toBe(false);
    expect(await kiosk.ask({ ask: "menu" })).toBe(false);

    const before = kiosk.did().length;
    expect(kiosk.did()).toContain("prevent-display-sleep");
    for (const ask of ["minimize", "leave-full-screen", "zoom", "tools"] as const) kiosk.send({ ask });
    await vi.waitFor(() => {
      expect(kiosk.did().slice(before)).toEqual(["restore", "kiosk true", "zoom 1", "fingers 1 to 1", "close tools"]);
    }, WAIT);
    const { options } = await kiosk.first("window");
    expect(options).toMatchObject({ webPreferences: { devTools: false } });
  });

  test("who develops may close the window, which ends the program", async () => {
    const own = startShell(built.main, flagsFor(folder()));
    await own.first("told");
    expect(await own.ask({ ask: "close" })).toBe(true);
    expect(await own.ask({ ask: "key", key: "w", control: true })).toBe(true);
    expect(await own.ask({ ask: "key", key: "F12" })).toBe(false);
  });
});

describe("the page and the shell", () => {
  test("greet each other, through the preload script and nothing else", async () => {
    const kiosk = await openKiosk();
    expect(kiosk.all("exposed")).toEqual([
      { kind: "exposed", names: ["kioskHost"], doors: ["host", "tell", "listen"] },
    ]);
    const host = { kind: "host", software: expect.stringMatching(/^polling-station \d/), aliveEveryMs: 2_000 };
    expect(kiosk.all("told")).toEqual([{ kind: "told", message: host }]);
    await vi.waitFor(() => expect(kiosk.stdout()).toMatch(/^station listening on .*\nThe page is shown\.\n$/), WAIT);
  });

  test("strangers are not heard, nor is what nobody understands; a line says so, one for all of them", async () => {
    const kiosk = await openKiosk();
    // Were one of these heard, the page would be greeted again.
    const ready = '{"kind":"ready"}';
    for (const from of ["frame", "elsewhere", "window", "nowhere"] as const) {
      kiosk.send({ ask: "message", from, args: [ready] });
    }
    for (const args of [[{ kind: "ready" }], [`${ready}${" ".repeat(300)}`], ["{"], [], [ready, ready]]) {
      kiosk.send({ ask: "message", from: "page", args });
    }
    kiosk.send({ ask: "message", from: "page", args: ['{"kind":"quit"}'] });
    expect(await kiosk.ask({ ask: "menu" })).toBe(false);
    expect(kiosk.all("told")).toHaveLength(1);
    expect(kiosk.stderr()).toBe("A message to the shell was dropped: it came from a frame inside the page.\n");
    kiosk.send({ ask: "message", from: "page", args: [ready] });
    await kiosk.nth("told", 2);
  });
});

describe("what breaks is mended, and the same station goes on", () => {
  test.each([
    ["crashes", "crash", "is gone (crashed)"],
    ["says nothing any more", "hang", "says nothing any more"],
  ] as const)("a page that %s is opened again, with the picture it had", async (_what, ask, line) => {
    const kiosk = await openKiosk(HASTE);
    kiosk.send({ ask });
    await kiosk.nth("told", 2);
    const [before, after] = kiosk.all("snapshot");
    expect(after).toEqual(before);
    expect(kiosk.stderr()).toBe(`The page ${line}; it is opened again in 500 ms.\n`);
  });

  test("a page that stays blank is opened again, later each time", async () => {
    const kiosk = await openKiosk(HASTE);
    kiosk.send({ ask: "blank" });
    await kiosk.nth("loaded", 3);
    expect(kiosk.stderr()).toBe(
      "The page is gone (crashed); it is opened again in 500 ms.\n" +
        "The page shows nothing; it is opened again in 2000 ms.\n",
    );
    expect(kiosk.did().filter((what) => what === "end page")).toHaveLength(1);
  });

  test("a page that goes on saying that it is alive is left alone", async () => {
    const kiosk = await openKiosk(HASTE);
    // Twice as long as a silent page is left alone.
    await kiosk.nth("said", 11);
    expect([kiosk.stderr(), kiosk.all("loaded").length]).toEqual(["", 1]);
  });

  test("after the graphics process crashed the window is drawn again", async () => {
    const kiosk = await openKiosk();
    kiosk.send({ ask: "graphics" });
    await vi.waitFor(() => expect(kiosk.did()).toContain("repaint"), WAIT);
  });
});

describe("the ends of a kiosk", () => {
  test.each([
    ["the end of a Windows session", "session-end"],
    ["a computer that shuts down", "shutdown"],
  ] as const)("%s stops the station, and that is a clean end", async (_what, ask) => {
    const kiosk = await openKiosk();
    kiosk.send({ ask });
    expect(await kiosk.exited).toBe(0);
    expect(existsSync(join(kiosk.data, "log.sqlite"))).toBe(true);
    expect(existsSync(join(kiosk.data, "log.sqlite-wal"))).toBe(false);
  });

  test("a second start with --quit stops the first, and runs none itself", async () => {
    const kiosk = await openKiosk();
    const quit = () => install([...flagsFor(kiosk.data), "--quit"]);
    const second = quit();
    expect([await second.exited, second.stdout()]).toEqual([0, "The station was told to stop.\n"]);
    expect(await kiosk.exited).toBe(0);
    const alone = quit();
    expect([await alone.exited, alone.stdout(), alone.all("window")]).toEqual([
      0,
      "No station runs on this data.\n",
      [],
    ]);
  });
});

describe("errands", () => {
  test("--version tells the version, and nothing is started", async () => {
    const program = install(["--version"]);
    expect(await program.exited).toBe(0);
    expect([program.stdout(), program.all("window")]).toEqual([expect.stringMatching(/^polling-station \d+\./), []]);
  });

  test.skipIf(process.platform !== "linux")(
    "--autostart is written down where the session looks, and taken back",
    async () => {
      const home = folder();
      const env = { XDG_CONFIG_HOME: home, APPIMAGE: "/opt/Kiosk 1.AppImage" };
      const path = join(home, "autostart", "polling-station.desktop");
      const on = install(["--server", "https://hub.local", "--autostart", "on"], env);
      expect([await on.exited, on.stdout()]).toEqual([0, `The kiosk starts when this user logs in (${path}).\n`]);
      expect(readFileSync(path, "utf8")).toContain('Exec="/opt/Kiosk 1.AppImage" "--server" "https://hub.local"\n');
      const off = install(["--autostart", "off"], env);
      expect([await off.exited, existsSync(path)]).toEqual([0, false]);
    },
  );

  test("--autostart is refused where nothing is installed, and where it cannot be written", async () => {
    const own = startShell(built.main, ["--autostart", "on"]);
    expect([await own.exited, own.stderr()]).toEqual([2, expect.stringMatching(/^--autostart: only the installed/)]);
    if (process.platform === "win32") return;
    const blocked = join(folder(), "file");
    writeFileSync(blocked, "");
    const program = install(["--autostart", "on"], { XDG_CONFIG_HOME: blocked, HOME: blocked });
    expect(await program.exited).toBe(1);
    expect(program.stderr()).toMatch(/could not be written .* Make its folder writable/);
  });
});

test.skipIf(process.platform !== "linux")(
  "whether the event key is encrypted, the kiosk and its health say",
  async () => {
    const healthOf = async ({ first }: Awaited<ReturnType<typeof openKiosk>>) => {
      const { origin } = await first("loaded");
      const health = await fetch(`${String(origin)}/healthz`);
      return health.json();
    };
    const plain = await openKiosk({ DOUBLE_KEYRING: "basic_text" });
    expect(plain.stderr()).toMatch(/^The event key is kept in a file .* not encrypted: this session has no keyring\. /);
    expect(await healthOf(plain)).toMatchObject({ eventKey: "plain" });
    const sealed = await openKiosk();
    expect(sealed.stderr()).toBe("");
    expect(await healthOf(sealed)).toMatchObject({ eventKey: "sealed" });
  },
);
