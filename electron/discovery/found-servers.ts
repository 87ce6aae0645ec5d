/** What came over the network in a search for servers, read: strictly, and never more of it than can be ours. */
import { isIP } from "node:net";
import * as v from "valibot";
import { SERVICE, asLabel, readServiceText } from "../../shared/discovery/service.ts";
import { whole } from "../../shared/schemas.ts";
import { readServerAddress } from "./server-address.ts";

export interface FoundServer {
  /** As the link takes it. */
  address: string;
  /** For people. */
  name: string;
}

/** One answer tells of one server, with a handful of addresses; a packet of the network has up to 9,000 bytes (RFC 6762 §17). */
const MAX_RECORDS = 64;
/** Of one server: an address per network that it is in. */
const MAX_ADDRESSES = 8;

const Name = v.pipe(v.string(), v.maxLength(255));
const Service = v.object({
  type: v.literal("SRV"),
  name: Name,
  data: v.object({ target: Name, port: whole(1, 65_535) }),
});
const Texts = v.object({ type: v.literal("TXT"), name: Name, data: v.array(v.instance(Uint8Array)) });
const Address = v.object({ type: v.picklist(["A", "AAAA"]), name: Name, data: v.pipe(v.string(), v.maxLength(45)) });
const Packet = v.object({
  answers: v.optional(v.array(v.unknown()), []),
  additionals: v.optional(v.array(v.unknown()), []),
});

/** The servers that a response tells of; none when it is not about our service. Never throws. @param packet as dns-packet decodes it */
export function readFound(packet: unknown): FoundServer[] {
  const parsed = v.safeParse(Packet, packet);
  if (!parsed.success) return [];
  const records = [...parsed.output.answers, ...parsed.output.additionals].slice(0, MAX_RECORDS);
  const texts = only(Texts, records);
  const addresses = only(Address, records);
  return only(Service, records).flatMap(({ name, data: { target, port } }) => {
    const text = texts.find((other) => same(other.name, name));
    const said = text && readServiceText(text.data.map((bytes) => new TextDecoder().decode(bytes)));
    if (said === undefined || !same(name.slice(-SERVICE.length), SERVICE)) return [];
    const shown = asLabel(name.slice(0, -SERVICE.length)) || "Polling Station";
    return addresses
      .filter((other) => same(other.name, target) && isIP(other.data) === (other.type === "A" ? 4 : 6))
      .slice(0, MAX_ADDRESSES)
      .flatMap(({ type, data }) => {
        const host = type === "A" ? data : `[${data}]`;
        const address = readServerAddress(`${said.tls ? "https" : "http"}://${host}:${port}`);
        return address.ok ? [{ address: address.url, name: shown }] : [];
      });
  });
}

/** Names of DNS do not tell capital letters from small ones. */
function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function only<const Schema extends v.GenericSchema>(
  schema: Schema,
  records: readonly unknown[],
): v.InferOutput<Schema>[] {
  return records.flatMap((record) => {
    const read = v.safeParse(schema, record);
    return read.success ? [read.output] : [];
  });
}
