/** A program that is started where it cannot start, and what it says of that. */
import { expect } from "vitest";
import { spawnProgram, type Program } from "../rig/program.ts";
import { SLOWNESS, within } from "../rig/within.ts";

/** What must not be is a program that goes on without saying anything; a cold start on a busy machine takes its time. */
const TOLD_MS = 30_000 * SLOWNESS;

export const SERVER = "server/main.ts";
export const STATION = "electron/headless.ts";

export interface Refusal {
  code: number | null;
  stdout: string;
  /** Its first line says what is wrong; after wrong flags the second tells the right ones. */
  lines: string[];
}

/** Start a program and wait for its end. Throws when it goes on running. */
export async function startInVain(
  entry: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Refusal> {
  const asked = entry === STATION ? ["--headless", ...args] : args;
  const program = spawnProgram(entry, { args: asked, env: { POLLING_STATION_ADMIN_PASSWORD: undefined, ...env } });
  try {
    const { code } = await within(TOLD_MS, `${entry} ${args.join(" ")} to give up`, program.exited);
    return { code, stdout: program.stdout(), lines: program.stderr().trimEnd().split("\n") };
  } catch (error) {
    throw new Error(`${String(error)}\n${await lastWords(program)}`, { cause: error });
  }
}

async function lastWords(program: Program): Promise<string> {
  await program.kill9();
  return `stdout: ${program.stdout()}\nstderr: ${program.stderr()}`;
}

/** Wrong flags or settings: exit code 2. @param about what the line must name: the flag, and the remedy */
export function expectWrongFlag({ code, stdout, lines }: Refusal, ...about: (string | RegExp)[]): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  const [first = "", ...others] = lines;
  for (const one of about) expect(first).toMatch(one);
  expect(others.filter((line) => !line.startsWith("usage: npm run "))).toEqual([]);
}

/** Anything else: exit code 1 and one line. @param about what it must name: the place, the cause and the remedy */
export function expectOneLine({ code, stdout, lines }: Refusal, ...about: (string | RegExp)[]): void {
  expect({ code, stdout, lines }).toEqual({ code: 1, stdout: "", lines: [expect.any(String)] });
  for (const one of about) expect(lines[0]).toMatch(one);
}
