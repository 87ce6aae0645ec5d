/** A hub that is measured: somewhere 1,000 subscribers hang, and a publisher that makes it tell them something. */
import * as v from "valibot";
import { until } from "../../e2e/rig/within.ts";
import { startChild, type Child } from "../child.ts";
import { cpuSecondsOf } from "../cpu.ts";

export const SUBSCRIBERS = 1_000;
/** Updates that belong together: one batch of votes moves so many polls. */
const UPDATES_PER_GROUP = 10;

/** Who makes updates. It subscribes, too, after all others, so that what it sees was told to them before. */
export interface Publisher {
  /** Make so many updates at once. */
  publish(updates: number): void;
  /** Updates that came back so far. */
  seen(): number;
  /** Resolves when another one came. */
  next(): Promise<void>;
}

export interface Hub {
  /** Of the server. */
  pid: number;
  subscribers: Child;
  publisher: Publisher;
  close(): Promise<void>;
}

/** One measurement. */
export interface Delivered {
  deliveries: number;
  perSecond: number;
  bytesEach: number;
  /** Of the server, per delivery. */
  cpuMicroseconds: number;
  /** Parts of one processor: the server's, and the subscribers'. */
  serverCpu: number;
  subscriberCpu: number;
  /** Updates that a subscriber did not get: coalesced away. */
  missing: number;
}

const Stat = v.object({ deliveries: v.number(), bytes: v.number(), cpuSeconds: v.number() });
/** Far more than the last updates take. */
const ARRIVAL_MS = 10_000;

/** Subscribers at a server, all connected. @param token for real stations; null for plain WebSockets */
export async function subscribe(server: string, token: string | null): Promise<Child> {
  const child = startChild("bench/fanout/subscribers.ts");
  try {
    const opened = await child.ask(v.number(), { kind: "open", server, count: SUBSCRIBERS, token });
    if (opened !== SUBSCRIBERS) throw new Error(`${opened} subscribers of ${SUBSCRIBERS}`);
    return child;
  } catch (error) {
    await child.kill9();
    throw error;
  }
}

/** So many updates a second, one at a time, for as long as that takes. */
export function steady(hub: Hub, perSecond: number, updates: number): Promise<Delivered> {
  return measure(hub, async ({ publish }) => {
    const startMs = performance.now();
    for (let update = 0; update < updates; update++) {
      const waitMs = startMs + (update * 1000) / perSecond - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      publish(1);
    }
    return updates;
  });
}

/** As fast as it goes, with so many groups of updates on the way. */
export function burst(hub: Hub, forMs: number, groups: number): Promise<Delivered> {
  return measure(hub, async ({ publish, seen, next }) => {
    const endMs = performance.now() + forMs;
    const before = seen();
    let made = 0;
    const onTheWay = () => made - (seen() - before);
    while (performance.now() < endMs) {
      if (onTheWay() <= (groups - 1) * UPDATES_PER_GROUP) {
        publish(UPDATES_PER_GROUP);
        made += UPDATES_PER_GROUP;
      } else await next();
    }
    return made;
  });
}

async function measure(hub: Hub, run: (publisher: Publisher) => Promise<number>): Promise<Delivered> {
  const { pid, publisher, subscribers } = hub;
  await subscribers.ask(v.number(), { kind: "beat" });
  await subscribers.ask(v.literal(true), { kind: "start" });
  const stat = () => subscribers.ask(Stat, { kind: "stat" });
  const [first, cpuBefore, seenBefore] = [await stat(), cpuSecondsOf(pid), publisher.seen()];
  const startMs = performance.now();
  const updates = await run(publisher);
  await until("the publisher's own updates", () => publisher.seen() - seenBefore >= updates, ARRIVAL_MS);
  const { last, atMs } = await allArrived(stat, updates * SUBSCRIBERS);
  const seconds = (atMs - startMs) / 1000;
  const cpu = cpuSecondsOf(pid) - cpuBefore;
  return {
    deliveries: last.deliveries,
    perSecond: last.deliveries / seconds,
    bytesEach: last.bytes / last.deliveries,
    cpuMicroseconds: (cpu * 1e6) / last.deliveries,
    serverCpu: cpu / seconds,
    subscriberCpu: (last.cpuSeconds - first.cpuSeconds) / seconds,
    missing: updates * SUBSCRIBERS - last.deliveries,
  };
}

/** When all have come, or nothing more does. */
async function allArrived(stat: () => Promise<v.InferOutput<typeof Stat>>, expected: number) {
  let [last, atMs] = [await stat(), performance.now()];
  for (;;) {
    if (last.deliveries >= expected) return { last, atMs };
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = await stat();
    if (now.deliveries === last.deliveries) return { last, atMs };
    [last, atMs] = [now, performance.now()];
  }
}
