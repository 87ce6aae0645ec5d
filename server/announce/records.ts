/** The records that tell where this server is: DNS-SD (RFC 6763 §4 to §6). */
import { isIPv4, isIPv6 } from "node:net";
import type { ResponseOutgoingPacket } from "multicast-dns";
import { SERVICE, asLabel, serviceText } from "../../shared/discovery/service.ts";
import { LINK_PATH } from "../../shared/link/limits.ts";

/** A network that changes is soon told anew (RFC 6762 §10 gives two minutes for records that name a host). */
const TTL_S = 120;

type Answer = ResponseOutgoingPacket["answers"][number];

export interface Announced {
  /** Where it is reached: one URL for each address, all with one port and scheme. */
  urls: readonly string[];
  /** This computer's name. */
  host: string;
}

/** `answers`: what was asked for. `additionals`: what whoever asks wants to know next (RFC 6763 §12). */
export function serviceRecords({ urls, host }: Announced): { answers: Answer[]; additionals: Answer[] } {
  const parsed = urls.map((url) => new URL(url));
  const [first] = parsed;
  if (first === undefined) return { answers: [], additionals: [] };
  const tls = first.protocol === "https:";
  const port = Number(first.port || (tls ? "443" : "80"));
  const label = asLabel(host) || "server";
  const instance = `${label}.${SERVICE}`;
  // Not the computer's own name: another program may announce that, with other addresses.
  const target = `${label.replaceAll(/[^a-z0-9-]/gi, "-")}-polling-station.local`;
  const common = { ttl: TTL_S, class: "IN" } as const;
  return {
    answers: [{ ...common, type: "PTR", name: SERVICE, data: instance }],
    additionals: [
      { ...common, type: "SRV", name: instance, data: { target, port } },
      { ...common, type: "TXT", name: instance, data: serviceText({ tls }, LINK_PATH) },
      ...parsed.flatMap(({ hostname }): Answer[] => addressRecord(hostname, { ...common, name: target })),
    ],
  };
}

function addressRecord(hostname: string, common: { ttl: number; class: "IN"; name: string }): Answer[] {
  const address = hostname.replaceAll(/^\[|\]$/g, "");
  if (isIPv4(address)) return [{ ...common, type: "A", data: address }];
  return isIPv6(address) ? [{ ...common, type: "AAAA", data: address }] : [];
}
