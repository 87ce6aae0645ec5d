/**
 * Is the server's memory flat over a day? Eight hours of an event, with what happens in them but without the waiting:
 * polls open, pause and close, stations vote, go and come again with a new log, screens follow a tally for a while.
 *
 * Not a row: it takes minutes. `node bench/growth/soak.ts [ballots an hour]`, 50,000 if not said; prints the memory after
 * each hour. Compare hours, not figures: compressed, the server is busier than any event makes it.
 */
import { randomFillSync } from "node:crypto";
import { startServerProgram, type ServerProgram } from "../../e2e/rig/server-program.ts";
import { fromHex } from "../../shared/bytes.ts";
import { POLL_HASH_BYTES } from "../../shared/domain/poll.ts";
import { TAG_KEY_BYTES, type Ballot } from "../../shared/domain/record.ts";
import { openLink, type LinkClient } from "../link-client.ts";
import { residentOf } from "./resident.ts";

const HOURS = 8;
const BALLOTS_PER_HOUR = 50_000;
const STATIONS = 20;
/** 20 polls in the day; each is open in two turns with a pause between. */
const POLLS_AT_HOUR = [3, 2, 3, 2, 3, 2, 3, 2];
const ANSWERS = ["One", "Two", "Three", "Four", "Five"];
const NO_BYTES = new Uint8Array();
/** What a station sends at once when a hall votes. */
const BALLOTS_PER_BATCH = 20;
/**
 * When all taps of a turn are said to have been. In time they would go on until the poll is paused; but the server's clock
 * and ours, which nobody compares here, are some milliseconds apart, and the last taps would be too late.
 */
const TAP_MS = 10;
/** Screens that come at each turn, and go with it. */
const LOOKERS = 10;

const perHour = Number(process.argv[2] ?? BALLOTS_PER_HOUR);
const server = await startServerProgram();
try {
  await liveThrough(server);
} finally {
  await server.stop();
}

async function liveThrough(running: ServerProgram): Promise<void> {
  const { url, pid, organiser } = running;
  const admit = (name: string) => (code: string) => organiser.enrol(code, name);
  let links: LinkClient[] = [];
  for (let at = 0; at < STATIONS; at++) links.push(await openLink(url, admit(`Soak ${at + 1}`)));
  let expected = 0;
  const polls: string[] = [];
  const tell = (what: string) => {
    const resident = residentOf(pid);
    console.log(
      `${what}: ${resident?.nowMb.toFixed(0)} MB, most ${resident?.peakMb.toFixed(0)} MB; ${expected} ballots`,
    );
  };
  tell("begin");
  for (const [hour, count] of POLLS_AT_HOUR.slice(0, HOURS).entries()) {
    for (let at = 0; at < count; at++) {
      const { id } = await organiser.createPoll({ question: "Shall we go on?", options: ANSWERS, counts: "last" });
      polls.push(id);
      for (const turn of [1, 2]) {
        const { hash } = await organiser.open(id);
        const lookers = await follow(running, id);
        const batches = Math.round(perHour / count / 2 / STATIONS / BALLOTS_PER_BATCH);
        await Promise.all(
          links.map((link) => vote(link, fromHex(hash)?.slice(0, POLL_HASH_BYTES) ?? NO_BYTES, batches)),
        );
        expected += batches * STATIONS * BALLOTS_PER_BATCH;
        lookers.abort();
        await (turn === 1 ? organiser.pause(id) : organiser.close(id));
        // Everyone goes and comes again, as after a power cut in the hall.
        for (const link of links) link.close();
        links = await Promise.all(links.map(({ key }) => openLink(url, admit("nobody new"), key)));
      }
    }
    tell(`hour ${hour + 1}`);
  }
  for (const link of links) link.close();
  let counted = 0;
  for (const id of polls) counted += (await organiser.tally(id)).total;
  if (counted !== expected) throw new Error(`${expected} ballots were sent, ${counted} are counted`);
}

async function vote(link: LinkClient, poll: Uint8Array, batches: number): Promise<void> {
  // Every log begins now, as every link is a start of the station.
  await link.send([{ kind: "clock", ms: 0, serverMs: Date.now(), uncertaintyMs: 5 }]);
  for (let batch = 0; batch < batches; batch++)
    await link.send(
      Array.from({ length: BALLOTS_PER_BATCH }, (_, at): Ballot => {
        const tagKey = randomFillSync(new Uint8Array(TAG_KEY_BYTES));
        return { kind: "ballot", poll, option: (at % ANSWERS.length) + 1, tagKey, ms: TAP_MS, reader: 0 };
      }),
    );
  await link.drained();
}

/** Screens on the event stream of a poll, read and thrown away. */
async function follow({ url }: ServerProgram, poll: string): Promise<AbortController> {
  const gone = new AbortController();
  for (let at = 0; at < LOOKERS; at++) {
    const response = await fetch(new URL(`/api/v1/polls/${poll}/events`, url), { signal: gone.signal });
    if (!response.ok || response.body === null) throw new Error(`no event stream: ${response.status}`);
    void response.body.pipeTo(new WritableStream(), { signal: gone.signal }).catch(() => undefined);
  }
  return gone;
}
