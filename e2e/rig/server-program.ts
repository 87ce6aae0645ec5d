/** The central server as a child of a test. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createOrganiser, type Organiser } from "./organiser.ts";
import { startListening, type Exit, type Program, type ProgramOptions } from "./program.ts";
import { openScratch } from "./scratch.ts";

export interface ServerOptions extends Pick<ProgramOptions, "env" | "nodeArgs" | "through"> {
  /** Data directory; default: one of its own, gone with the test run. */
  data?: string;
  /** Default 0: a free one. */
  port?: number;
  /** More flags. */
  args?: readonly string[];
}

export interface ServerProgram {
  readonly url: string;
  readonly data: string;
  /** Of the process that runs now; another after a restart. */
  readonly pid: number;
  /** What the process that runs now wrote. */
  readonly program: Program;
  readonly organiser: Organiser;
  kill9(): Promise<Exit>;
  stop(): Promise<Exit>;
  /** Start again on the same data and port, stopping it first if it still runs. */
  restart(): Promise<void>;
}

export async function startServerProgram(options: ServerOptions = {}): Promise<ServerProgram> {
  const data = options.data ?? openScratch("server");
  const start = (port: number) =>
    startListening("server/main.ts", {
      ...options,
      args: ["--data", data, "--port", String(port), ...(options.args ?? [])],
      // A set-up link instead of a password from whoever runs the tests.
      env: { POLLING_STATION_ADMIN_PASSWORD: undefined, ...options.env },
    });
  let { program, url } = await start(options.port ?? 0);
  const organiser = createOrganiser(url, () => readFileSync(join(data, "owner-token"), "utf8").trim());
  return {
    url,
    data,
    organiser,
    get pid() {
      return program.pid;
    },
    get program() {
      return program;
    },
    kill9: () => program.kill9(),
    stop: () => program.stop(),
    async restart() {
      await program.stop();
      ({ program, url } = await start(Number(new URL(url).port)));
    },
  };
}
