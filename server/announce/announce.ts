/** Says on the local networks where this server is, to whoever asks for it. */
import { networkInterfaces } from "node:os";
import openMulticast, { type MulticastDNS } from "multicast-dns";
import { SERVICE } from "../../shared/discovery/service.ts";
import { serviceRecords, type Announced } from "./records.ts";

/** RFC 6762 §3. */
const PORT = 5353;
/** Networks that it is told in: wired, radio, a few virtual ones. */
const MAX_NETWORKS = 8;
/** RFC 6762 §6: a record is not sent again within a second; a flood of questions gets no flood of answers. */
const ANSWER_EVERY_MS = 1_000;

export interface AnnounceSurroundings extends Announced {
  monotonicMs: () => number;
  /** For tests; else every network of this computer, and the port of multicast DNS. */
  where?: { addresses: readonly string[]; port: number };
}

/** Begins at once; nothing is thrown, and a network that takes no multicast is passed over. Returns the way to stop it. */
export function announceServer({ urls, host, monotonicMs, where }: AnnounceSurroundings): () => void {
  const records = serviceRecords({ urls, host });
  const port = where?.port ?? PORT;
  const networks = (where?.addresses ?? ownAddresses()).slice(0, MAX_NETWORKS).map((address) => {
    // One socket for each network: the system sends multicast to one only. Bound to the address itself, Linux would not
    // give it what is sent to the group.
    const network = openMulticast({ interface: address, bind: "0.0.0.0", port });
    network.on("error", () => {});
    network.on("warning", () => {});
    network.once("ready", () => network.respond(records));
    answer(network, () => network.respond(records), monotonicMs);
    return network;
  });
  return () => {
    for (const network of networks) network.destroy();
  };
}

function answer(network: MulticastDNS, tell: () => void, monotonicMs: () => number): void {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  network.on("query", ({ questions = [] }) => {
    // Whatever is asked of it: there is only one thing to tell.
    const isOurs = questions.some(({ name }) => name.toLowerCase() === SERVICE);
    if (!isOurs || monotonicMs() - toldAtMs < ANSWER_EVERY_MS) return;
    toldAtMs = monotonicMs();
    tell();
  });
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(({ family }) => family === "IPv4")
    .map(({ address }) => address);
}
