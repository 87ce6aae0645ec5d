/** `node run.ts <main.js> [flags]`: a bundled shell with the double in Electron's place. */
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { answer } from "./ask.ts";
import { getReady } from "./electron.ts";

const DOUBLE = new URL("./electron.ts", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "electron"
      ? { url: DOUBLE, format: "module-typescript", shortCircuit: true }
      : next(specifier, context),
});
// What the shell sees is `electron <main.js> [flags]`.
const [, , main = ""] = process.argv;
process.argv.splice(1, 1);

// A shell that awaits readiness while it is loaded is never ready; nothing is left to do then, and Node exits with 13.
await import(pathToFileURL(main).href);
getReady();
process.on("message", answer);
