/** The program as it is packed: bundles, pages, the packages that cannot be bundled, and a package.json of its own. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import * as v from "valibot";
import { PROJECT } from "./dev-tool.ts";
import { LEFT_OUTSIDE } from "./shell.ts";

const Manifest = v.object({
  version: v.string(),
  description: v.optional(v.string()),
  license: v.optional(v.string()),
  dependencies: v.optional(v.record(v.string(), v.string()), {}),
  optionalDependencies: v.optional(v.record(v.string(), v.string()), {}),
});

/** Of a package, what it does not need to run. By kind of file only: one package's `src` is another one's program. */
const NOT_NEEDED = /(\.(md|map|d\.ts|d\.mts|cc|cpp|h|gyp|gypi|tsbuildinfo)|^android-.*)$/;

export interface StageParts {
  /** The bundled shell, `dist/electron`. */
  shell: string;
  /** The built pages, `dist/pages`. */
  pages: string;
}

/** Lay it out anew in a folder. Throws when a part was not built or a package is missing. */
export function stageApp(into: string, { shell, pages }: StageParts): void {
  for (const file of [join(shell, "main.js"), join(pages, "station", "index.html")]) {
    if (!existsSync(file)) throw new Error(`${file} is missing. Run: npm run build:pages && npm run build:shell`);
  }
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  cpSync(shell, join(into, "dist", "electron"), { recursive: true });
  cpSync(pages, join(into, "dist", "pages"), { recursive: true });
  const modules = join(PROJECT, "node_modules");
  for (const folder of packagesWith(LEFT_OUTSIDE, PROJECT)) {
    cpSync(folder, join(into, "node_modules", relative(modules, folder)), {
      recursive: true,
      // What lies in its own node_modules is a package, and comes by itself if it is needed.
      filter: (path) => path === folder || (basename(path) !== "node_modules" && !NOT_NEEDED.test(basename(path))),
    });
  }
  writeFileSync(join(into, "package.json"), `${JSON.stringify(ownManifest(), null, 2)}\n`);
}

function ownManifest(): object {
  const { version, description, license, dependencies } = manifestOf(PROJECT);
  return {
    name: "polling-station",
    version,
    description,
    license,
    // Debian's packages have to name both; there is no such place.
    homepage: "https://polling-station.invalid/",
    author: "Polling Station <maintainer@polling-station.invalid>",
    type: "module",
    main: "dist/electron/main.js",
    dependencies: Object.fromEntries(LEFT_OUTSIDE.map((name) => [name, dependencies[name]])),
  };
}

/** Folders of these packages, of all they depend on, and of what is optional to them and there: another system's part is not. */
function packagesWith(names: readonly string[], from: string, found = new Set<string>()): Set<string> {
  for (const name of names) {
    const folder = findPackage(name, from);
    if (folder === undefined) throw new Error(`the package ${name}, needed in ${from}, is not installed`);
    if (found.has(folder)) continue;
    found.add(folder);
    const { dependencies, optionalDependencies } = manifestOf(folder);
    const there = Object.keys(optionalDependencies).filter((optional) => findPackage(optional, folder) !== undefined);
    packagesWith([...Object.keys(dependencies), ...there], folder, found);
  }
  return found;
}

/** As Node looks for it: beside the one that asks, then ever further up. */
function findPackage(name: string, from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    if (existsSync(join(folder, "package.json"))) return folder;
    if (at === dirname(at)) return undefined;
  }
}

function manifestOf(folder: string): v.InferOutput<typeof Manifest> {
  return v.parse(Manifest, JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
}
