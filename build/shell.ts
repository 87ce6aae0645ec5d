/** `npm run build:shell`: the Electron shell with the station in it, into dist/electron. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { builtinModules } from "node:module";
import { join, resolve } from "node:path";
import { rolldown, type InputOptions, type OutputOptions } from "rolldown";
import { PROJECT } from "./dev-tool.ts";

/** Packages whose native part is found from the package's own folder, so that they have to stay there. */
export const LEFT_OUTSIDE: readonly string[] = ["serialport", "pcsc-mini"];
/** Electron is there by itself. */
const EXTERNAL = ["electron", ...LEFT_OUTSIDE, /^node:/, ...builtinModules];

interface Part {
  entry: string;
  file: string;
  format: "esm" | "cjs";
}

/** What Electron starts, what its page starts with, and the thread that owns the log. */
const PARTS: readonly Part[] = [
  { entry: "electron/shell/main.ts", file: "main.js", format: "esm" },
  { entry: "electron/log/log-worker.ts", file: "log-worker.js", format: "esm" },
  // A sandboxed preload script is CommonJS; in a project of ES modules its name has to say so.
  { entry: "electron/shell/preload.ts", file: "preload.cjs", format: "cjs" },
];

export const SHELL = join(PROJECT, "dist", "electron");

/** Bundle one entry file. Throws when it, or anything it imports, cannot be resolved. */
export async function bundle({ entry, file, format }: Part, folder: string): Promise<void> {
  const input: InputOptions = {
    input: resolve(PROJECT, entry),
    platform: "node",
    external: EXTERNAL,
    // A package that asks for an optional one in a try is all there may be; what else is said is an error here.
    onLog(level, log) {
      if (level === "warn") throw new Error(log.message);
    },
  };
  const output: OutputOptions = { file: join(folder, file), format, codeSplitting: false };
  const build = await rolldown(input);
  await build.write(output);
  await build.close();
}

/** Build all of it anew. Throws when a part is missing afterwards. */
export async function buildShell(folder = SHELL): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await Promise.all(PARTS.map((part) => bundle(part, folder)));
  for (const { file } of PARTS) {
    if (!existsSync(join(folder, file))) throw new Error(`${file} was not written to ${folder}`);
  }
}

if (import.meta.main) await buildShell();
