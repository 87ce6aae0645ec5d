import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

/** Starts a program through run.ts; `signal` is sent to run.ts, not to the program, once the program has spoken. */
async function runProgram(source: string, signal?: NodeJS.Signals): Promise<{ code: number | null; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), "run-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, "program.mjs");
  writeFileSync(program, source);
  const child = spawn(process.execPath, [join(import.meta.dirname, "run.ts"), program, "--flag", "a b"]);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (output === "" && signal !== undefined) child.kill(signal);
    output += text;
  });
  // "close" comes when nobody holds stdout any more: a program left behind would make the test time out.
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}

const WAITS = "setInterval(() => {}, 1000); console.log('up');";

test("a program gets its flags and its exit code is passed on", async () => {
  const { code, output } = await runProgram("console.log(process.argv.slice(2).join()); process.exitCode = 7;");
  expect(output).toBe("--flag,a b\n");
  expect(code).toBe(7);
});

test.each(["SIGTERM", "SIGINT"] as const)("%s reaches the program, which may end in its own way", async (signal) => {
  const source = `process.on("${signal}", () => { console.log("bye"); process.exit(3); }); ${WAITS}`;
  expect(await runProgram(source, signal)).toEqual({ code: 3, output: "up\nbye\n" });
});

test("a program that a signal ends is reported as a shell would", async () => {
  expect((await runProgram(WAITS, "SIGTERM")).code).toBe(143);
});
