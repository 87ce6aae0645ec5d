/** For tests: a shell bundled into a folder of its own, and started with the double in Electron's place. */
import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { onTestFinished, vi } from "vitest";
import { PROJECT } from "../dev-tool.ts";
import { buildShell } from "../shell.ts";
import type { Ask } from "./ask.ts";

export const RUN = join(import.meta.dirname, "run.ts");
export const WAIT = { timeout: 15_000, interval: 20 };

/** As in a project: pages beside electron, and node_modules above both for what is not bundled. */
export async function bundledShell() {
  const cache = join(PROJECT, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  // As Node will name it, where node_modules is a link.
  const dist = realpathSync(mkdtempSync(join(cache, "shell-test-")));
  const shell = join(dist, "electron");
  await buildShell(shell);
  mkdirSync(join(dist, "pages", "station"), { recursive: true });
  mkdirSync(join(dist, "pages", "assets"));
  writeFileSync(join(dist, "pages", "station", "index.html"), "<title>page</title>");
  return { folder: shell, main: join(shell, "main.js"), remove: () => rmSync(dist, { recursive: true, force: true }) };
}

const Told = v.looseObject({ kind: v.string() });

/** Starts a shell; what it tells is kept in order. It is killed at the end of the test. */
export function startShell(main: string, flags: readonly string[], env: Record<string, string> = {}) {
  const child = fork(RUN, [main, ...flags], { silent: true, env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  const told: v.InferOutput<typeof Told>[] = [];
  let stdout = "";
  let stderr = "";
  child.on("message", (message) => void told.push(v.parse(Told, message)));
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const all = (kind: string) => told.filter((message) => message.kind === kind);
  const nth = (kind: string, count: number) =>
    vi.waitFor(() => {
      const found = all(kind)[count - 1];
      if (found === undefined) throw new Error(`${all(kind).length} of ${kind}; stderr: ${stderr}`);
      return found;
    }, WAIT);
  return {
    child,
    exited,
    stdout: () => stdout,
    stderr: () => stderr,
    all,
    nth,
    first: (kind: string) => nth(kind, 1),
    send: (ask: Ask) => void child.send(ask),
    /** Was it allowed? */
    ask: (ask: Ask) => {
      child.send(ask);
      return vi.waitFor(() => {
        const found = told.findLast((message) => message.kind === "answer" && message["ask"] === ask.ask);
        if (found === undefined) throw new Error(`no answer to ${ask.ask}; stderr: ${stderr}`);
        told.splice(told.indexOf(found), 1);
        return found["allowed"];
      }, WAIT);
    },
    /** What the shell did to the window and its page, in order. */
    did: () => all("did").map((message) => message["what"]),
  };
}

/** An empty folder, gone at the end of the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "shell-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A station without a server, on a free port. */
export const flagsFor = (data: string) => ["--server", "http://127.0.0.1:9", "--data", data, "--port", "0"];
