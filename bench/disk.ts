/** Bytes that a ballot takes in the ledger of a real server; the projection beside it is not counted. */
import { randomBytes } from "node:crypto";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openScratch } from "../e2e/rig/scratch.ts";
import { startServerProgram } from "../e2e/rig/server-program.ts";
import { fromHex } from "../shared/bytes.ts";
import { POLL_HASH_BYTES } from "../shared/domain/poll.ts";
import { TAG_KEY_BYTES, type Ballot } from "../shared/domain/record.ts";
import { floorPerBallot } from "./floor/disk.ts";
import { openLink, type LinkClient } from "./link-client.ts";
import type { Measured } from "./rows.ts";

const ROUNDS = 3;
const OPTIONS = 5;
/** Enough pages of 4 KiB that the one begun last does not show; and below the burst that the server takes of one link. */
const BATCHES = { 100: 60, 1: 300 } as const;
/** Late in a day, when the milliseconds take as many bytes as they ever will. */
const EIGHT_HOURS_MS = 28_800_000;

export async function measureDisk(): Promise<Measured[]> {
  const server = await startServerProgram();
  try {
    const options = Array.from({ length: OPTIONS }, (_, at) => `Answer ${at + 1}`);
    const { id } = await server.organiser.createPoll({ question: "How large is a vote?", options, counts: "last" });
    const { hash } = await server.organiser.open(id);
    const poll = fromHex(hash)?.slice(0, POLL_HASH_BYTES) ?? new Uint8Array();
    const link = await openLink(server.url, (code) => server.organiser.enrol(code, "Bench"));
    await link.send([{ kind: "clock", ms: EIGHT_HOURS_MS, serverMs: Date.now(), uncertaintyMs: 5 }]);
    await link.drained();

    const measure = async (perBatch: 1 | 100): Promise<number> => {
      const before = entriesBytes(server.data);
      await vote(link, poll, BATCHES[perBatch], perBatch);
      return (entriesBytes(server.data) - before) / (BATCHES[perBatch] * perBatch);
    };
    const folder = openScratch("bench-disk");
    const floor = (perBatch: 1 | 100) => floorPerBallot(folder, BATCHES[perBatch], perBatch);
    const [inBatches, alone]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      inBatches.push(await measure(100));
      alone.push(await measure(1));
    }
    link.close();
    const { total } = await server.organiser.tally(id);
    const sent = ROUNDS * (BATCHES[100] * 100 + BATCHES[1]);
    if (total !== sent) throw new Error(`${sent} ballots were sent, ${total} are counted`);
    return [
      { name: "disk.perBallot", values: inBatches, floors: [floor(100)] },
      { name: "disk.perBallotAlone", values: alone, floors: [floor(1)] },
    ];
  } finally {
    await server.kill9();
  }
}

async function vote(link: LinkClient, poll: Uint8Array, batches: number, perBatch: number): Promise<void> {
  for (let batch = 0; batch < batches; batch++) {
    const ballots = Array.from({ length: perBatch }, (_, at): Ballot => ({
      kind: "ballot",
      poll,
      option: (at % OPTIONS) + 1,
      tagKey: new Uint8Array(randomBytes(TAG_KEY_BYTES)),
      ms: EIGHT_HOURS_MS + at * 20,
      reader: at % OPTIONS,
    }));
    await link.send(ballots);
  }
  await link.drained();
}

/** Whole pages of the ledger's entries, of the file and its write-ahead log as they are now; nobody may be writing. */
function entriesBytes(data: string): number {
  // A copy: the server keeps its file to itself.
  const copy = join(openScratch("bench-ledger"), "copy.sqlite");
  for (const file of ["", "-wal"]) cpSync(join(data, `ledger.sqlite${file}`), `${copy}${file}`);
  const database = new DatabaseSync(copy);
  try {
    const [row] = database.prepare("SELECT sum(pgsize) AS bytes FROM dbstat WHERE name = 'entries'").all();
    return Number(row?.["bytes"]);
  } finally {
    database.close();
  }
}
