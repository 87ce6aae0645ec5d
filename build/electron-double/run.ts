/**
 * `node run.ts <main.js> [flags]`: a bundled shell with the double in Electron's place. Of the environment it takes
 * DOUBLE_IS_PACKAGED, DOUBLE_KEYRING (a backend's name) and DOUBLE_HASTE (how many times faster time runs).
 */
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { answer } from "./ask.ts";
import { app, getReady } from "./electron.ts";

const DOUBLE = new URL("./electron.ts", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "electron"
      ? { url: DOUBLE, format: "module-typescript", shortCircuit: true }
      : next(specifier, context),
});
// What the shell sees is `electron <main.js> [flags]`, or `<program> [flags]` when it is packaged.
const [, , main = ""] = process.argv;
process.argv.splice(1, app.isPackaged ? 2 : 1);

const haste = Number(process.env["DOUBLE_HASTE"] ?? 1);
for (const name of ["setInterval", "setTimeout"] as const) {
  const ofTheSystem = globalThis[name];
  const hasty = (run: () => void, ms?: number) => ofTheSystem(run, (ms ?? 0) / haste);
  if (haste !== 1) Object.assign(globalThis, { [name]: hasty });
}

// A shell that awaits readiness while it is loaded is never ready; nothing is left to do then, and Node exits with 13.
await import(pathToFileURL(main).href);
getReady();
process.on("message", answer);
