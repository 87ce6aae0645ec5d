/** `node build/run.ts <entry.ts> [flags]`: one of our programs, on the right Node, with the pages it serves built. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { resolve } from "node:path";
import { PROJECT } from "./dev-tool.ts";
import { whenLeftAlone } from "./left-alone.ts";
import { requireNode } from "./node-version.ts";
import { buildPages, pagesAreFresh } from "./pages.ts";

// npm passes on the Ctrl-C that the terminal has already sent to everyone; the second one is no impatience.
const SAME_SIGNAL_MS = 1_000;

requireNode();
const [entry, ...flags] = process.argv.slice(2);
if (entry === undefined) {
  console.error("usage: node build/run.ts <entry.ts> [flags]");
  process.exit(2);
}
// The station serves the kiosk's page. stdout stays the program's own: its first line is the URL.
if (entry.startsWith("electron/") && !pagesAreFresh()) {
  console.error("building the pages …");
  const complaint = await buildPages();
  if (complaint !== undefined) {
    console.error(complaint);
    process.exit(1);
  }
}
run(entry, flags);

function run(program: string, args: readonly string[]): void {
  // In our own process group, so that Ctrl-C and a harness that kills the group reach it without us.
  const child = spawn(process.execPath, [resolve(PROJECT, program), ...args], { stdio: "inherit" });
  const sentAt = new Map<NodeJS.Signals, number>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      const now = performance.now();
      const recent = now - (sentAt.get(signal) ?? -Infinity) < SAME_SIGNAL_MS;
      sentAt.set(signal, now);
      const fromTerminal = signal === "SIGINT" && process.stdin.isTTY;
      if (!recent && !fromTerminal) child.kill(signal);
    });
  }
  whenLeftAlone(() => child.kill("SIGTERM"));
  child.once("error", (error) => {
    console.error(`${program} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.once("exit", (code, signal) => {
    process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
  });
}
