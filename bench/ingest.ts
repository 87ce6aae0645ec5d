/**
 * Ballots a second that the real server takes durably, from 50 stations over real links, each acknowledged. Batches are
 * signed and framed before the clock starts; who sends them shares the machine with the server, and is in the notes.
 */
import { randomFillSync } from "node:crypto";
import { join } from "node:path";
import * as v from "valibot";
import { openScratch } from "../e2e/rig/scratch.ts";
import { startServerProgram, type ServerProgram } from "../e2e/rig/server-program.ts";
import { fromHex } from "../shared/bytes.ts";
import { POLL_HASH_BYTES } from "../shared/domain/poll.ts";
import { TAG_KEY_BYTES, type Ballot } from "../shared/domain/record.ts";
import { startChild, type Child } from "./child.ts";
import { cpuSecondsOf } from "./cpu.ts";
import { openLink, type LinkClient } from "./link-client.ts";
import type { Measurement } from "./rows.ts";
import { list } from "./table.ts";

const ROUNDS = 3;
const STATIONS = 50;
const OPTIONS = 5;
/** Some two seconds each; and of batches of one fewer than a server takes from one link at once. */
const BATCHES = { 100: 20, 1: 200 } as const;
/** The compiler sees the way of a ballot, and files get their size. */
const WARM_UP_BATCHES = { 100: 8, 1: 60 } as const;
/** The floor's is PERFORMANCE.md's group commit, 100 in flight; in the notes as many as the server's ledger takes at once. */
const ROWS_PER_COMMIT = { floor: 100, asOurs: 8_000 } as const;

interface Round {
  perSecond: number;
  /** Parts of one processor: the server's and ours. */
  serverCpu: number;
  ownCpu: number;
}

export async function measureIngest(): Promise<Measurement> {
  const server = await startServerProgram();
  const commits = startChild("bench/floor/ingest.ts", [join(openScratch("bench-ingest-floor"), "floor.sqlite")]);
  const checks = startChild("bench/floor/check-signatures.ts");
  try {
    const { id, links, cast } = await openHall(server);
    const found = await measureRounds({ server, links, cast, commits, checks });
    for (const link of links) link.close();
    const { total } = await server.organiser.tally(id);
    if (total !== cast.made()) throw new Error(`${cast.made()} ballots were acknowledged, ${total} are counted`);
    return {
      measured: [
        { name: "ingest.durable", values: rates(found.inBatches), floors: found.commits },
        { name: "ingest.durableAlone", values: rates(found.alone), floors: found.checks },
      ],
      notes: [
        `ingest: ${total} ballots, each acknowledged after its commit and counted once. By rounds:`,
        `  in batches of 100 ${list(rates(found.inBatches))} ballots/s, floor ${list(found.commits)}; ${cpu(found.inBatches)}`,
        `  floor with ${ROWS_PER_COMMIT.asOurs} rows a commit ${list(found.largeCommits)} rows/s`,
        `  alone ${list(rates(found.alone))} ballots/s, checks of signatures ${list(found.checks)}; ${cpu(found.alone)}`,
      ],
    };
  } finally {
    await Promise.all([server.kill9(), commits.kill9(), checks.kill9()]);
  }
}

const rates = (rounds: readonly Round[]) => rounds.map(({ perSecond }) => perSecond);
const cpu = (rounds: readonly Round[]) =>
  `processors used by the server ${list(rounds.map(({ serverCpu }) => serverCpu))}, ` +
  `by who sends ${list(rounds.map(({ ownCpu }) => ownCpu))}`;

interface Hall {
  server: ServerProgram;
  links: readonly LinkClient[];
  cast: Cast;
  commits: Child;
  checks: Child;
}

async function measureRounds({ server, links, cast, commits, checks }: Hall) {
  const askRate = (child: Child, question: unknown) => child.ask(v.number(), question);
  const rows = STATIONS * BATCHES[100] * 100;
  const floor = (perCommit: number) => askRate(commits, { rows, perCommit });
  const send = (batches: typeof BATCHES | typeof WARM_UP_BATCHES, perBatch: 1 | 100) =>
    sendRound(server.pid, links, cast, { batches: batches[perBatch], perBatch });
  await send(WARM_UP_BATCHES, 100);
  await send(WARM_UP_BATCHES, 1);
  await floor(ROWS_PER_COMMIT.floor);

  const found = { inBatches: [] as Round[], alone: [] as Round[] };
  const floors = { commits: [] as number[], largeCommits: [] as number[], checks: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    found.inBatches.push(await send(BATCHES, 100));
    floors.commits.push(await floor(ROWS_PER_COMMIT.floor));
    floors.largeCommits.push(await floor(ROWS_PER_COMMIT.asOurs));
    found.alone.push(await send(BATCHES, 1));
    floors.checks.push(await askRate(checks, STATIONS * BATCHES[1]));
  }
  return { ...found, ...floors };
}

async function sendRound(
  serverPid: number,
  links: readonly LinkClient[],
  cast: Cast,
  { batches, perBatch }: { batches: number; perBatch: number },
): Promise<Round> {
  const signed = links.map((link) => Array.from({ length: batches }, () => link.sign(cast.ballots(perBatch))));
  const before = { server: cpuSecondsOf(serverPid), own: cpuSecondsOf(process.pid) };
  const startMs = performance.now();
  await Promise.all(
    links.map(async (link, at) => {
      for (const batch of signed[at] ?? []) await link.post(batch);
      await link.drained();
    }),
  );
  const seconds = (performance.now() - startMs) / 1000;
  return {
    perSecond: (links.length * batches * perBatch) / seconds,
    serverCpu: (cpuSecondsOf(serverPid) - before.server) / seconds,
    ownCpu: (cpuSecondsOf(process.pid) - before.own) / seconds,
  };
}

interface Cast {
  /** So many, each of another voter. */
  ballots(count: number): Ballot[];
  made(): number;
}

/** One poll, and the stations that vote in it. */
async function openHall({ url, organiser }: ServerProgram) {
  const options = Array.from({ length: OPTIONS }, (_, at) => `Answer ${at + 1}`);
  const { id } = await organiser.createPoll({ question: "How many at once?", options, counts: "last" });
  const poll = fromHex((await organiser.open(id)).hash)?.slice(0, POLL_HASH_BYTES) ?? new Uint8Array();
  const links: LinkClient[] = [];
  for (let at = 0; at < STATIONS; at++)
    links.push(await openLink(url, (code) => organiser.enrol(code, `Bench ${at + 1}`)));
  const startMs = performance.now();
  const ms = () => Math.round(performance.now() - startMs);
  // Else the first ballots are of no known time.
  for (const link of links) await link.send([{ kind: "clock", ms: ms(), serverMs: Date.now(), uncertaintyMs: 5 }]);
  await Promise.all(links.map((link) => link.drained()));
  let made = 0;
  const cast: Cast = {
    made: () => made,
    ballots(count) {
      const tags = randomFillSync(new Uint8Array(count * TAG_KEY_BYTES));
      return Array.from({ length: count }, (_, at) => ({
        kind: "ballot",
        poll,
        option: (made++ % OPTIONS) + 1,
        tagKey: tags.slice(at * TAG_KEY_BYTES, (at + 1) * TAG_KEY_BYTES),
        ms: ms(),
        reader: at % OPTIONS,
      }));
    },
  };
  return { id, links, cast };
}
