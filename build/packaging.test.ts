/** electron-builder's real run on a stand-in for Electron's files, and what came of it, run beside Electron's double. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, Platform } from "electron-builder";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundledShell, folder, RUN } from "./electron-double/start.ts";
import { PROJECT } from "./dev-tool.ts";
import { smoke } from "./packaged-smoke.ts";
import { LINUX_PLACES, LINUX_RULES, PACKAGING } from "./packaging.ts";
import { stageApp } from "./staged-app.ts";

/** Marks the fuses in Electron's binary; then a version, their number, and a digit each (@electron/fuses). */
const FUSE_MARK = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";
/** As Electron comes, in the order of its fuses: of `FuseV1Options` of @electron/fuses. */
const ELECTRONS_OWN = "10110011";

let built: Awaited<ReturnType<typeof bundledShell>>;
let unpacked: string;
let archive: ReturnType<typeof readArchive>;

beforeAll(async () => {
  built = await bundledShell();
  const root = join(dirname(built.folder), "packaging");
  const app = join(root, "app");
  stageApp(app, { shell: built.folder, pages: join(dirname(built.folder), "pages") });
  const electron = join(root, "electron", "electron");
  mkdirSync(join(root, "electron", "resources"), { recursive: true });
  writeFileSync(electron, `a program ${FUSE_MARK}\u0001\u0008${ELECTRONS_OWN} and more`);
  chmodSync(electron, 0o755);
  const output = join(root, "output");
  await build({
    projectDir: PROJECT,
    targets: Platform.LINUX.createTarget("dir"),
    publish: "never",
    // electron-builder writes into what it is given.
    config: {
      ...structuredClone(PACKAGING),
      directories: { ...PACKAGING.directories, app, output },
      electronDist: dirname(electron),
    },
  });
  unpacked = join(output, "linux-unpacked");
  archive = readArchive(join(unpacked, "resources", "app.asar"));
}, 60_000);
afterAll(() => built.remove());

type Entry =
  { files: Record<string, Entry> } | { size: number; offset?: string | undefined; unpacked?: true | undefined };
const Entry: v.GenericSchema<Entry> = v.union([
  v.object({ files: v.lazy(() => v.record(v.string(), Entry)) }),
  v.object({ size: v.number(), offset: v.optional(v.string()), unpacked: v.optional(v.literal(true)) }),
]);

/** An asar archive: the length of its header as the fourth number, the header as JSON, the files. */
function readArchive(path: string) {
  const bytes = readFileSync(path);
  const end = 16 + bytes.readUInt32LE(12);
  const files = new Map<string, { unpacked: boolean; bytes: Buffer }>();
  const walk = (entry: Entry, at: string) => {
    if ("files" in entry) {
      for (const [name, inside] of Object.entries(entry.files)) walk(inside, at === "" ? name : `${at}/${name}`);
      return;
    }
    const from = 8 + bytes.readUInt32LE(4) + Number(entry.offset ?? 0);
    const beside = join(`${path}.unpacked`, at);
    const content = entry.unpacked === true ? readFileSync(beside) : bytes.subarray(from, from + entry.size);
    files.set(at, { unpacked: entry.unpacked === true, bytes: content });
  };
  walk(v.parse(Entry, JSON.parse(bytes.subarray(16, end).toString())), "");
  return files;
}

test("every fuse is thrown as it should be", () => {
  const binary = readFileSync(join(unpacked, "polling-station"), "latin1");
  const [, fuses] = new RegExp(`${FUSE_MARK}\u0001\u0008(.{8})`).exec(binary) ?? [];
  const names = [
    "runAsNode",
    "cookies",
    "nodeOptions",
    "inspect",
    "integrity",
    "onlyAsar",
    "snapshot",
    "filePrivileges",
  ];
  expect(Object.fromEntries(names.map((name, at) => [name, fuses?.[at] === "1"]))).toEqual({
    runAsNode: false,
    cookies: false,
    nodeOptions: false,
    inspect: false,
    integrity: true,
    onlyAsar: true,
    snapshot: false,
    filePrivileges: false,
  });
});

describe("the archive", () => {
  test("holds bundles, pages and the packages that were not bundled, and nothing of the workshop", () => {
    const tops = new Set([...archive.keys()].map((path) => /^(dist\/\w+|[^/]+)/.exec(path)?.[0]));
    expect(tops).toEqual(new Set(["dist/electron", "dist/pages", "node_modules", "package.json"]));
    const own = [...archive.keys()].filter((path) => path.startsWith("dist/electron/"));
    const parts = ["log-worker.js", "main.js", "preload.cjs"].map((file) => `dist/electron/${file}`);
    expect(new Set(own)).toEqual(new Set(parts));
    expect([...archive.keys()].filter((path) => /\.(ts|map|test\.\w+)$/.test(path))).toEqual([]);
    expect(archive.has("node_modules/electron/package.json")).toBe(false);
  });

  test("has beside it the native code, for each system, and no script whose hash nobody would compare", () => {
    const beside = [...archive].filter(([, { unpacked: isBeside }]) => isBeside).map(([path]) => path);
    expect(beside.filter((path) => !path.endsWith(".node"))).toEqual([]);
    for (const system of ["linux-x64", "linux-arm64", "win32-x64", "darwin-x64"]) {
      expect([system, beside.some((path) => path.includes(`/${system}`))]).toEqual([system, true]);
    }
  });

  test("is all that the program needs: started from it alone, it shows its page and stops when told to", async () => {
    // Outside the project, so that nothing is found further up.
    const root = folder();
    for (const [path, { bytes }] of archive) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), bytes);
    }
    const manifest = v.parse(
      v.object({ main: v.string() }),
      JSON.parse(readFileSync(join(root, "package.json"), "utf8")),
    );
    process.env["DOUBLE_IS_PACKAGED"] = "1";
    await expect(smoke(process.execPath, [RUN, join(root, manifest.main)])).resolves.toBeUndefined();
    delete process.env["DOUBLE_IS_PACKAGED"];
  }, 60_000);
});

test("nothing is published, rebuilt or left to chance", () => {
  expect(PACKAGING).toMatchObject({ publish: null, npmRebuild: false, nodeGypRebuild: false });
  // What is staged, and that alone: the folder that this test laid out in another place.
  expect([PACKAGING.directories?.app, PACKAGING.files]).toEqual([join(PROJECT, "dist", "app"), ["**/*"]]);
  expect(PACKAGING.linux?.target).toEqual(["AppImage", "deb"]);
  expect([PACKAGING.win?.target, PACKAGING.mac?.target]).toEqual([["nsis"], ["dmg"]]);
  // Votes that were not delivered survive the program.
  expect(PACKAGING.nsis?.deleteAppDataOnUninstall).toBe(false);
});

describe("what Linux has to be told so that readers may be used", () => {
  test("lies beside the program, and the Debian package puts each file in its place", () => {
    const files = readdirSync(LINUX_RULES);
    expect(files).toEqual(Object.keys(LINUX_PLACES).toSorted());
    expect(readdirSync(join(unpacked, "resources", "linux"))).toEqual(files);
    expect(PACKAGING.deb?.fpm).toEqual(files.map((file) => `${join(LINUX_RULES, file)}=${LINUX_PLACES[file]}`));
  });

  test("is udev rules that udev can read: matches, then what is set, on one line each", () => {
    const rules = readdirSync(LINUX_RULES).filter((file) => file.endsWith(".rules") && file.startsWith("70-"));
    const lines = rules.flatMap((file) => readFileSync(join(LINUX_RULES, file), "utf8").split("\n"));
    const written = lines.filter((line) => line !== "" && !line.startsWith("#"));
    const key = String.raw`(ACTION|SUBSYSTEM|KERNEL|GOTO|LABEL|TAG|ENV\{\w+\}|ATTR\{\w+\}|ATTRS\{\w+\})(==|!=|\+=|=)"[^"]+"`;
    expect(written.filter((line) => !new RegExp(`^${key}(, ${key})*$`).test(line))).toEqual([]);
    const gotos = written.flatMap((line) => /GOTO="(\w+)"/.exec(line)?.[1] ?? []);
    expect(gotos.filter((label) => !written.includes(`LABEL="${label}"`))).toEqual([]);
    // The commonest adapters: FT232 and CH340.
    for (const [vendor, product] of [
      ["0403", "6001"],
      ["1a86", "7523"],
    ] as const) {
      expect(written).toContain(
        `ATTR{idVendor}=="${vendor}", ATTR{idProduct}=="${product}", ENV{ID_MM_DEVICE_IGNORE}="1"`,
      );
    }
  });
});

test("the icon is there, large enough for every system", () => {
  const icon = readFileSync(String(PACKAGING.icon));
  expect(icon.subarray(1, 4).toString()).toBe("PNG");
  expect([icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual([1_024, 1_024]);
});
