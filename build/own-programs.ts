/** The programs that `npm start` runs: they end together, in good order, and none is left behind. */
import { startProgram, type Program } from "./program.ts";

/** The station first, so that the server can still take what it has; but a station that hangs has only so long. */
const HEAD_START_MS = 2_000;
/** What is promised is 5 s, our own end included; whoever is still there then hangs. */
const STOP_MS = 4_400;

export interface OwnPrograms {
  /** Start one and wait until it listens. When it ends unasked, now or later, all others are stopped, and so are we. */
  start(name: string, command: string, args: readonly string[]): Promise<string>;
  /** Stop them, the last started first, and exit. Never resolves. @param why told unless we are leaving already */
  leave(code: number, why?: string): Promise<never>;
}

export function createOwnPrograms(): OwnPrograms {
  const programs: Program[] = [];
  let leaving: Promise<never> | undefined;
  const killAll = () => programs.forEach((program) => program.kill());
  // Each leads a group of its own, so nobody else ends them when we end.
  process.once("exit", killAll);

  const leave = (code: number, why?: string) => {
    if (leaving === undefined && why !== undefined) console.error(why);
    return (leaving ??= stopAll(programs, killAll).then(() => process.exit(code)));
  };
  return {
    leave,
    async start(name, command, args) {
      if (leaving !== undefined) return leaving;
      const program = startProgram(name, command, args);
      programs.push(program);
      void program.gone.then(({ code, signal }) =>
        leave(code, `The ${name} ended (${signal ?? "see above"}), so everything stops.`),
      );
      return (await program.url) ?? leave(1);
    },
  };
}

async function stopAll(programs: readonly Program[], killAll: () => void): Promise<void> {
  const late = setTimeout(killAll, STOP_MS);
  const stops: Promise<void>[] = [];
  for (const program of programs.toReversed()) {
    stops.push(program.stop());
    let headStart: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => (headStart = setTimeout(resolve, HEAD_START_MS)));
    await Promise.race([program.gone, waited]);
    clearTimeout(headStart);
  }
  await Promise.all(stops);
  clearTimeout(late);
}
