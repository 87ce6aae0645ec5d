/** PostgreSQL: 16 connections, each inserting one row after another, durable as it comes. By its own `pgbench`. */
import { execFile, execFileSync } from "node:child_process";
import { chownSync, existsSync, globSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { findOnPath } from "../../build/on-path.ts";
import { openScratch } from "../../e2e/rig/scratch.ts";
import { startPeer, type Peer } from "./peer.ts";

const ROUNDS = 3;
const CONNECTIONS = 16;
const SECONDS = 4;
const run = promisify(execFile);

export const postgresql: Peer = {
  name: "postgresql",
  row: "ingest.durable",
  atLeast: 2,
  find() {
    // Distributions keep the server's programs out of everybody's way.
    const folders = [
      dirname(findOnPath("initdb") ?? ""),
      ...globSync("/usr/lib/postgresql/*/bin").toSorted().toReversed(),
    ];
    return folders.find((folder) => ["initdb", "postgres", "pgbench"].every((name) => existsSync(join(folder, name))));
  },
  async measure(folder) {
    const who = postgresUser();
    const scratch = openScratch("bench-postgresql");
    if (who !== undefined) chownSync(scratch, who.uid, who.gid);
    const data = join(scratch, "data");
    const init = ["-D", data, "-A", "trust", "-U", "postgres", "--no-instructions"];
    await run(join(folder, "initdb"), init, { ...who, cwd: scratch });
    // No port: a socket in its own folder.
    const settings = ["listen_addresses=", "fsync=on", "synchronous_commit=on", "max_wal_size=4GB"];
    const args = ["-D", data, "-k", scratch, ...settings.flatMap((setting) => ["-c", setting])];
    const server = await startPeer(join(folder, "postgres"), args, { ...who, ready: /ready to accept connections/ });
    try {
      return await insertRounds(join(folder, "pgbench"), scratch);
    } finally {
      await server.kill9();
    }
  },
};

/** @param scratch holds the server's socket, and takes the scripts */
async function insertRounds(pgbench: string, scratch: string): Promise<number[]> {
  const play = async (name: string, text: string, flags: readonly string[]) => {
    const file = join(scratch, name);
    writeFileSync(file, text);
    const args = ["-h", scratch, "-U", "postgres", "-n", ...flags, "-f", file, "postgres"];
    return (await run(pgbench, args)).stdout;
  };
  await play("table.sql", TABLE, ["-c", "1", "-t", "1"]);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const said = await play("insert.sql", INSERT, [
      "-c",
      `${CONNECTIONS}`,
      "-j",
      "2",
      "-T",
      `${SECONDS}`,
      "-M",
      "prepared",
    ]);
    const rate = Number(/^tps = ([\d.]+)/m.exec(said)?.[1]);
    if (!Number.isFinite(rate)) throw new Error(`pgbench told no rate:\n${said}`);
    rates.push(rate);
  }
  return rates;
}

const TABLE = `CREATE TABLE ballots (
  poll bytea NOT NULL, voter bytea NOT NULL, at_ms bigint NOT NULL, log bytea NOT NULL, number bigserial NOT NULL,
  option int NOT NULL, PRIMARY KEY (poll, voter, at_ms, log, number));
`;
const INSERT = `\\set option random(1, 5)
INSERT INTO ballots (poll, voter, at_ms, log, option)
VALUES ('\\x07070707070707070707070707070707', uuid_send(gen_random_uuid()), 28800000, '\\x07070707070707070707070707070707', :option);
`;

/** It refuses to run as root, and has a user of its own where it was installed. */
function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
