/**
 * Loaded before a server's own code (`--expose-gc --import`): collects its garbage whenever it is asked to by SIGUSR2, and
 * gives empty pages back to the system, so that what is resident is what links hold, and not what greeting them left.
 */
import { isMainThread } from "node:worker_threads";

const { gc } = globalThis;
if (isMainThread && gc !== undefined) {
  process.on("SIGUSR2", () => gc({ type: "major", execution: "sync", flavor: "last-resort" }));
}
