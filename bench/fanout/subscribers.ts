/**
 * A thousand subscribers in one process, that read and count frames and do nothing else: it shares the machine with the
 * server that is measured. Asked `{kind}`, see `Question`.
 */
import { connect } from "node:net";
import * as v from "valibot";
import { createOrganiser } from "../../e2e/rig/organiser.ts";
import { until } from "../../e2e/rig/within.ts";
import { FRAME } from "../../shared/link/frames.ts";
import { HEARTBEAT_MS } from "../../shared/link/limits.ts";
import { createFrameWalk } from "../bare-frames.ts";
import { openBareSocket } from "../bare-socket.ts";
import { answerParent } from "../child.ts";
import { cpuSecondsOf } from "../cpu.ts";
import { openAdmitted } from "../link-greeting.ts";
import { Step, greetRaw } from "./raw-greeting.ts";

const Question = v.variant("kind", [
  /** Connect; with a token as admitted stations, each a new one that is enrolled with it, else to plain WebSockets. */
  v.object({ kind: v.literal("open"), server: v.string(), count: v.number(), token: v.nullable(v.string()) }),
  /** Connect to any other server; messages of a fixed length are counted by their bytes. */
  v.object({
    kind: v.literal("open-raw"),
    port: v.number(),
    count: v.number(),
    steps: v.array(Step),
    bytesEach: v.number(),
  }),
  /** Say that all are alive, and hear the same: nobody has to while it is measured. */
  v.object({ kind: v.literal("beat") }),
  v.object({ kind: v.literal("start") }),
  v.object({ kind: v.literal("stat") }),
]);

/** Greetings at once: what a server checks side by side. */
const AT_ONCE = 20;

interface Subscriber {
  beat: (() => void) | null;
}

/** No measurement takes longer, and less than a server waits for a word: heartbeats are not what is measured. */
const QUIET_MS = 6_000;

const subscribers: Subscriber[] = [];
let startedMs = -Infinity;
let failed: string | undefined;
let pongs = 0;
const seen = { deliveries: 0, bytes: 0 };

/** Of a raw message; 0 where frames are counted. */
let bytesEach = 0;

/** What is delivered is a tally; the floor's messages look like one. */
function take(bytes: Buffer, from: number, to: number): void {
  const type = bytes[from + 1];
  if (type === FRAME.pong) pongs += 1;
  if (type !== FRAME.tally && type !== FRAME.delta) return;
  seen.deliveries += 1;
  seen.bytes += to - from;
}

async function openStation(server: string, enrol: (code: string) => Promise<unknown>): Promise<Subscriber> {
  const link = await openAdmitted(server, enrol);
  link.divert(take);
  void link.ended.then((why) => (failed = why));
  const ping = link.frame([FRAME.ping, 1]);
  return { beat: () => link.write(ping) };
}

async function openPlain(server: string): Promise<Subscriber> {
  const socket = await openBareSocket(server);
  socket.onBytes(createFrameWalk(take));
  void socket.ended.then((why) => (failed = why));
  return { beat: null };
}

async function openRaw(port: number, steps: readonly Step[]): Promise<Subscriber> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await greetRaw(socket, steps);
  socket.on("data", (chunk) => void (seen.bytes += chunk.length));
  socket.once("close", () => (failed = "the peer closed it"));
  return { beat: null };
}

async function openMany(count: number, openOne: (name: string) => Promise<Subscriber>): Promise<void> {
  let begun = subscribers.length;
  const goal = begun + count;
  const some = async () => {
    while (begun < goal) subscribers.push(await openOne(`Bench ${++begun}`));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
}

const beatAll = () => {
  for (const { beat } of subscribers) beat?.();
};
setInterval(() => {
  if (performance.now() - startedMs > QUIET_MS) beatAll();
}, HEARTBEAT_MS);

answerParent(async (asked) => {
  const question = v.parse(Question, asked);
  if (failed !== undefined) throw new Error(`a subscriber was cut off: ${failed}`);
  switch (question.kind) {
    case "open": {
      const { server, count, token } = question;
      const organiser = createOrganiser(server, () => token ?? "");
      await openMany(count, (name) =>
        token === null ? openPlain(server) : openStation(server, (code) => organiser.enrol(code, name)),
      );
      return subscribers.length;
    }
    case "open-raw":
      ({ bytesEach } = question);
      await openMany(question.count, () => openRaw(question.port, question.steps));
      return subscribers.length;
    case "beat": {
      pongs = 0;
      beatAll();
      const beating = subscribers.filter(({ beat }) => beat !== null).length;
      await until("every subscriber's pong", () => pongs >= beating);
      return pongs;
    }
    case "start":
      startedMs = performance.now();
      Object.assign(seen, { deliveries: 0, bytes: 0 });
      return true;
    case "stat":
      if (bytesEach > 0) seen.deliveries = Math.floor(seen.bytes / bytesEach);
      return { ...seen, cpuSeconds: cpuSecondsOf(process.pid) };
  }
});
