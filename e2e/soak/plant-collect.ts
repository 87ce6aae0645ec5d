/**
 * Preloaded into a program (`--import`, with `--expose-gc`): asked by SIGUSR2, every thread of it throws away what nothing
 * holds any more, and appends what is left to the file that the environment names.
 */
import { appendFileSync } from "node:fs";
import { BroadcastChannel, isMainThread } from "node:worker_threads";

const file = process.env["POLLING_STATION_SOAK_LEFT"];
const threads = new BroadcastChannel("soak-collect");
threads.unref();

function collect(): void {
  // The second takes what the first found to be finished with.
  for (let time = 0; time < 2; time++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ isMainThread, bytes: heapUsed + external })}\n`);
}

if (isMainThread) {
  process.on("SIGUSR2", () => {
    threads.postMessage(null);
    collect();
  });
} else threads.addEventListener("message", collect);
