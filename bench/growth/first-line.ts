/** A program's start, timed from its spawn to its first line. */
import { spawnProgram, type Program } from "../../e2e/rig/program.ts";

/** Not seen in a start of some 300 ms, and no load for the machine. */
const LOOK_EVERY_MS = 2;

export interface Started {
  program: Program;
  firstLine: string;
  seconds: number;
}

/** Throws, with what the program said, when it ends without a line or says none in time; it is then gone. */
export async function startTimed(entry: string, args: readonly string[], limitMs: number): Promise<Started> {
  const startMs = performance.now();
  // A set-up link instead of a password from whoever runs the bench.
  const program = spawnProgram(entry, { args, env: { POLLING_STATION_ADMIN_PASSWORD: undefined } });
  let gone = false;
  const end = () => void (gone = true);
  program.exited.then(end, end);
  for (;;) {
    const out = program.stdout();
    const lineEnd = out.indexOf("\n");
    const ms = performance.now() - startMs;
    if (lineEnd >= 0) return { program, firstLine: out.slice(0, lineEnd), seconds: ms / 1000 };
    if (gone || ms > limitMs) {
      if (!gone) await program.kill9();
      throw new Error(`${entry} said no line in ${Math.round(ms)} ms\nstdout: ${out}\nstderr: ${program.stderr()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
