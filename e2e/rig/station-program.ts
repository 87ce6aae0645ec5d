/** The headless station as a child of a test. */
import { stationHealth, type StationHealth } from "./station-health.ts";
import { startListening, type Exit, type Program, type ProgramOptions } from "./program.ts";
import { openScratch } from "./scratch.ts";

export interface StationOptions extends Pick<ProgramOptions, "env" | "nodeArgs" | "through"> {
  /** The server's address; null: the operator is to say it. */
  server: string | null;
  /** Data directory; default: one of its own, gone with the test run. */
  data?: string;
  /** Default 0: a free one. */
  port?: number;
  /** Virtual readers; default false. */
  demo?: boolean;
  /** `--reader` specs. */
  readers?: readonly string[];
}

export interface StationProgram {
  readonly url: string;
  readonly data: string;
  /** Of the process that runs now; another after a restart. */
  readonly pid: number;
  /** What the process that runs now wrote. */
  readonly program: Program;
  health(): Promise<StationHealth>;
  kill9(): Promise<Exit>;
  stop(): Promise<Exit>;
  /** Start again on the same data and port, stopping it first if it still runs. */
  restart(): Promise<void>;
}

/** The station's flags as a test asks for them. */
export function stationArguments(options: StationOptions, data: string, port: number): string[] {
  return [
    ...(options.server === null ? [] : ["--server", options.server]),
    "--data",
    data,
    "--port",
    String(port),
    ...(options.demo === true ? ["--demo"] : []),
    ...(options.readers ?? []).flatMap((reader) => ["--reader", reader]),
  ];
}

export async function startStationProgram(options: StationOptions): Promise<StationProgram> {
  const data = options.data ?? openScratch("station");
  const start = (port: number) =>
    startListening("electron/headless.ts", {
      ...options,
      args: ["--headless", ...stationArguments(options, data, port)],
    });
  let { program, url } = await start(options.port ?? 0);
  return {
    url,
    data,
    get pid() {
      return program.pid;
    },
    get program() {
      return program;
    },
    health: () => stationHealth(url),
    kill9: () => program.kill9(),
    stop: () => program.stop(),
    async restart() {
      await program.stop();
      ({ program, url } = await start(Number(new URL(url).port)));
    },
  };
}
