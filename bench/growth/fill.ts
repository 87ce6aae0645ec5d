/** A big event for a server: a million ballots over the real link, from 50 stations, in 20 polls one after another. */
import { randomFillSync } from "node:crypto";
import type { ServerProgram } from "../../e2e/rig/server-program.ts";
import { within } from "../../e2e/rig/within.ts";
import { fromHex } from "../../shared/bytes.ts";
import { POLL_HASH_BYTES } from "../../shared/domain/poll.ts";
import { TAG_KEY_BYTES, type Ballot } from "../../shared/domain/record.ts";
import { openLink, type LinkClient } from "../link-client.ts";
import { residentOf } from "./resident.ts";

const STATIONS = 50;
const POLLS = 20;
const BATCHES_PER_POLL = 10;
const BALLOTS_PER_BATCH = 100;
export const BALLOTS = STATIONS * POLLS * BATCHES_PER_POLL * BALLOTS_PER_BATCH;
const OPTIONS = 5;
const READERS = 4;
/** Late in a day, when the milliseconds take as many bytes as they ever will. */
const EIGHT_HOURS_MS = 28_800_000;
/** It takes 16 s on a quiet machine, 46 on a busy one. */
const LIMIT_MS = 110_000;
const TELL_EVERY = 200_000;

interface OpenPoll {
  id: string;
  /** As ballots name it. */
  hash: Uint8Array;
}

/** Fill this server, which is new; the seconds that the voting took. Throws when a ballot is not counted. */
export async function fill(server: ServerProgram, tell: (line: string) => void): Promise<number> {
  const polls: OpenPoll[] = [];
  for (let at = 0; at < POLLS; at++) polls.push(await openPoll(server, at));
  const links: LinkClient[] = [];
  for (let at = 0; at < STATIONS; at++)
    links.push(await openLink(server.url, (code) => server.organiser.enrol(code, `Bench ${at + 1}`)));

  const startMs = performance.now();
  const seconds = () => (performance.now() - startMs) / 1000;
  let sent = 0;
  const onSent = () => {
    sent += BALLOTS_PER_BATCH;
    if (sent % TELL_EVERY !== 0) return;
    const memory = residentOf(server.pid)?.nowMb.toFixed(0) ?? "unknown";
    tell(`  ${sent} of ${BALLOTS} ballots, ${seconds().toFixed(0)} s, memory ${memory} MB`);
  };
  const voting = Promise.all(links.map((link) => vote(link, polls, onSent)));
  await within(LIMIT_MS, `${BALLOTS} ballots to be acknowledged`, voting);
  const taken = seconds();
  for (const link of links) link.close();
  await checkTallies(server.organiser.tally, polls);
  return taken;
}

/** Every ballot counts, as each is another voter's. */
async function checkTallies(tally: ServerProgram["organiser"]["tally"], polls: readonly OpenPoll[]): Promise<void> {
  let total = 0;
  for (const { id } of polls) total += (await tally(id)).total;
  if (total !== BALLOTS) throw new Error(`${BALLOTS} ballots were sent, ${total} are counted`);
}

async function openPoll({ organiser }: ServerProgram, at: number): Promise<OpenPoll> {
  const options = Array.from({ length: OPTIONS }, (_, option) => `Answer ${option + 1}`);
  const { id } = await organiser.createPoll({ question: `How large is event ${at + 1}?`, options, counts: "last" });
  const { hash } = await organiser.open(id);
  const bytes = fromHex(hash);
  if (bytes === undefined) throw new Error(`the hash of poll ${id} is no hex: ${hash}`);
  return { id, hash: bytes.slice(0, POLL_HASH_BYTES) };
}

async function vote(link: LinkClient, polls: readonly OpenPoll[], onSent: () => void): Promise<void> {
  const startMs = performance.now();
  const logMs = () => EIGHT_HOURS_MS + Math.round(performance.now() - startMs);
  await link.send([{ kind: "clock", ms: logMs(), serverMs: Date.now(), uncertaintyMs: 5 }]);
  for (const poll of polls)
    for (let batch = 0; batch < BATCHES_PER_POLL; batch++) {
      const tagKeys = randomFillSync(new Uint8Array(BALLOTS_PER_BATCH * TAG_KEY_BYTES));
      const ms = logMs();
      await link.send(
        Array.from({ length: BALLOTS_PER_BATCH }, (_, at): Ballot => ({
          kind: "ballot",
          poll: poll.hash,
          option: (at % OPTIONS) + 1,
          tagKey: tagKeys.slice(at * TAG_KEY_BYTES, (at + 1) * TAG_KEY_BYTES),
          ms,
          reader: at % READERS,
        })),
      );
      onSent();
    }
  await link.drained();
}
