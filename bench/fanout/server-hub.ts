/**
 * The real server as a hub: votes come in over a real link, and 1,000 admitted stations are told the tallies.
 *
 * The feed tells a poll's tally 20 times a second at most, by design, and that is not to be measured here. So there are as
 * many polls as one cannot bring to that pace: their tallies go out at once, each when it changed.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readEventKey, tagKeyOf } from "../../e2e/rig/event-key.ts";
import { startServerProgram, type ServerProgram } from "../../e2e/rig/server-program.ts";
import { bytesOfHex } from "../../shared/bytes.ts";
import { POLL_HASH_BYTES } from "../../shared/domain/poll.ts";
import type { Ballot } from "../../shared/domain/record.ts";
import { FRAME } from "../../shared/link/frames.ts";
import { openLink, type LinkClient } from "../link-client.ts";
import { subscribe, type Hub, type Publisher } from "./hub.ts";

/** 20 times a second each are 2,000,000 deliveries to 1,000 stations: more than two processors ever made. */
const POLLS = 100;
const OPTIONS = 50;
/** So that a tally is a message of 200 bytes: of two numbers' lengths that a large event has. */
const WEIGHTS = { most: 1_000, some: 70_000 } as const;
const HEAVY_OPTIONS = 15;
/** Moves one vote between two options, so that each tally is told whole. */
const MOVER = 0;

export async function openServerHub(): Promise<Hub> {
  const server = await startServerProgram();
  try {
    const polls = await openPolls(server);
    const voters = await adoptVoters(server);
    await voteFirst(server, polls, voters);
    // After the votes, of which they would hear a million times else.
    const token = readFileSync(join(server.data, "owner-token"), "utf8").trim();
    const subscribers = await subscribe(server.url, token);
    const link = await openVoting(server, "Publisher");
    return {
      pid: server.pid,
      subscribers,
      publisher: publisherOf(link, polls, voters[MOVER] ?? new Uint8Array()),
      async close() {
        link.close();
        await subscribers.kill9();
        await server.kill9();
      },
    };
  } catch (error) {
    await server.kill9();
    throw error;
  }
}

/** As ballots name them. */
async function openPolls({ organiser }: ServerProgram): Promise<Uint8Array[]> {
  const options = Array.from({ length: OPTIONS }, (_, at) => `A${at + 1}`);
  const polls: Uint8Array[] = [];
  for (let at = 0; at < POLLS; at++) {
    const { id } = await organiser.createPoll({ question: `Question ${at + 1}`, options, counts: "last" });
    polls.push(bytesOfHex((await organiser.open(id)).hash).slice(0, POLL_HASH_BYTES));
  }
  return polls;
}

/** The mover, and a voter for each option with the weight that makes its count long; their tag keys. */
async function adoptVoters({ organiser, data }: ServerProgram): Promise<Uint8Array[]> {
  const uids = Array.from({ length: OPTIONS + 1 }, (_, at) => Uint8Array.of(4, 0xa1, 0xb2, at));
  const weightOf = (at: number) => {
    if (at === MOVER) return 1;
    return at <= HEAVY_OPTIONS ? WEIGHTS.some : WEIGHTS.most;
  };
  await organiser.adoptRoll(
    uids.map((uid, at) => ({ voter: at, tags: [Buffer.from(uid).toString("hex")], weight: weightOf(at) })),
  );
  const key = readEventKey(data);
  return uids.map((uid) => bytesOfHex(tagKeyOf(key, uid)));
}

async function openVoting({ url, organiser }: ServerProgram, name: string): Promise<LinkClient> {
  const link = await openLink(url, (code) => organiser.enrol(code, name));
  await link.send([{ kind: "clock", ms: 0, serverMs: Date.now(), uncertaintyMs: 5 }]);
  await link.drained();
  return link;
}

async function voteFirst(server: ServerProgram, polls: readonly Uint8Array[], voters: readonly Uint8Array[]) {
  const link = await openVoting(server, "First");
  for (const poll of polls)
    await link.send(voters.map((tagKey, at): Ballot => ballotOf(poll, tagKey, at === MOVER ? 2 : at, at)));
  await link.drained();
  link.close();
}

function ballotOf(poll: Uint8Array, tagKey: Uint8Array, option: number, ms: number): Ballot {
  return { kind: "ballot", poll, option, tagKey, ms, reader: 0 };
}

function publisherOf(link: LinkClient, polls: readonly Uint8Array[], mover: Uint8Array): Publisher {
  const startMs = performance.now();
  let updates = 0;
  let seen = 0;
  let waiting = Promise.withResolvers<void>();
  link.onOther((bytes, from) => {
    const type = bytes[from + 1];
    if (type !== FRAME.tally && type !== FRAME.delta) return;
    seen += 1;
    waiting.resolve();
  });
  return {
    publish(count) {
      const ms = Math.round(performance.now() - startMs);
      const ballots = Array.from({ length: count }, () => {
        const [round, at] = [Math.floor(updates / polls.length), updates % polls.length];
        updates += 1;
        return ballotOf(polls[at] ?? new Uint8Array(), mover, (round % 2) + 1, ms);
      });
      link.post(link.sign(ballots)).catch((error: unknown) => waiting.reject(error));
    },
    seen: () => seen,
    next() {
      waiting = Promise.withResolvers();
      return waiting.promise;
    },
  };
}
