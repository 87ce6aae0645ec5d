/** A search for servers on the networks that this computer is in: asks some times, listens for some seconds, and ends. */
import { networkInterfaces } from "node:os";
import openMulticast, { type MulticastDNS } from "multicast-dns";
import { SERVICE } from "../../shared/discovery/service.ts";
import { readFound, type FoundServer } from "./found-servers.ts";

/** Who does not answer within it is asked again by the operator. */
export const SEARCH_MS = 10_000;
/** Multicast over radio is not repeated by itself when it got lost (RFC 6762 §5.2 asks for growing gaps). */
const ASK_AT_MS = [0, 1_000, 3_000];
/** As many as the panel lists. */
const MAX_FOUND = 20;
/** Networks searched at once: wired, radio, a few virtual ones. */
const MAX_NETWORKS = 8;
/** A whole hall of devices says less in ten seconds; past it somebody floods, and the search ends early. */
const MAX_PACKETS = 5_000;
/** RFC 6762 §3. */
const PORT = 5353;

export interface SearchSurroundings {
  setTimer: (run: () => void, delayMs: number) => () => void;
  /** Called with all that was found so far, at each more. */
  onFound: (found: readonly FoundServer[]) => void;
  /** Once, when it ended by itself. */
  onEnd: () => void;
  /** For tests; else every network of this computer, and the port of multicast DNS. */
  where?: { addresses: readonly string[]; port: number };
}

/** Begins at once; nothing is thrown. Returns the way to stop it. */
export function searchServers({ setTimer, onFound, onEnd, where }: SearchSurroundings): () => void {
  const found = new Map<string, FoundServer>();
  let packets = 0;
  let over = false;
  const cancels: (() => void)[] = [];
  const stop = () => {
    over = true;
    for (const cancel of cancels) cancel();
    for (const network of networks) network.destroy();
  };
  const end = () => {
    if (over) return;
    stop();
    onEnd();
  };
  const take = (packet: unknown) => {
    packets += 1;
    if (packets > MAX_PACKETS) return end();
    const before = found.size;
    for (const server of readFound(packet)) if (found.size < MAX_FOUND) found.set(server.address, server);
    if (found.size > before && !over) onFound([...found.values()]);
    return undefined;
  };
  const port = where?.port ?? PORT;
  const addresses = (where?.addresses ?? ownAddresses()).slice(0, MAX_NETWORKS);
  const networks = addresses.map((address) => listenOn(address, port, take));
  for (const delayMs of ASK_AT_MS) {
    cancels.push(setTimer(() => networks.forEach((network) => network.query(SERVICE, "PTR")), delayMs));
  }
  cancels.push(setTimer(end, SEARCH_MS));
  return stop;
}

/** One socket for each network: the system sends multicast to one only, the one of the default route, if there is any. */
function listenOn(address: string, port: number, take: (packet: unknown) => void): MulticastDNS {
  // Bound to the address itself, Linux would not give it what is sent to the group.
  const network = openMulticast({ interface: address, bind: "0.0.0.0", port });
  network.on("response", take);
  // A network that went, a port that another program keeps to itself, a packet that is none: nothing is found there.
  network.on("error", () => {});
  network.on("warning", () => {});
  return network;
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(({ family }) => family === "IPv4")
    .map(({ address }) => address);
}
