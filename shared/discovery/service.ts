/**
 * How a server says on the local network where it is: DNS-SD (RFC 6763) over multicast DNS (RFC 6762). A hint for finding
 * it, and no more: anybody on the network may say the same, so the code that two people compare is what is trusted.
 */

/** A type of service, its protocol, and the domain of multicast DNS. */
export const SERVICE = "_polling-station._tcp.local";
/** Of what the TXT record says; another version is not understood. */
const VERSION = "1";
/** A label of DNS has 63 bytes at most (RFC 1035 §2.3.4). */
const MAX_LABEL_BYTES = 63;
/** Longer than ours by far; a record has room for 65,535 bytes of them. */
const MAX_TXT_STRINGS = 16;
const MAX_TXT_LENGTH = 255;

export interface ServiceText {
  /** Is it reached by `https` and `wss`? */
  tls: boolean;
}

/** The TXT record's strings. @param path of the WebSocket, for clients of other makers */
export function serviceText({ tls }: ServiceText, path: string): string[] {
  return [`v=${VERSION}`, `tls=${tls ? 1 : 0}`, `path=${path}`];
}

/** What a TXT record says; `undefined` when it is not one of ours. The first of several strings with one key counts (§6.4). */
export function readServiceText(strings: readonly string[]): ServiceText | undefined {
  if (strings.length > MAX_TXT_STRINGS || strings.some(({ length }) => length > MAX_TXT_LENGTH)) return undefined;
  const value = (key: string) => strings.find((text) => text.startsWith(`${key}=`))?.slice(key.length + 1);
  if (value("v") !== VERSION) return undefined;
  const tls = value("tls");
  return tls === "1" || tls === "0" ? { tls: tls === "1" } : undefined;
}

/** A name for people as one label: without what a label or a line cannot hold. */
export function asLabel(name: string): string {
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}.\\]/gu, " ").trim();
  let label = "";
  let bytes = 0;
  for (const letter of plain) {
    bytes += utf8Bytes(letter);
    if (bytes > MAX_LABEL_BYTES) break;
    label += letter;
  }
  return label.trim();
}

function utf8Bytes(letter: string): number {
  const code = letter.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x1_0000 ? 3 : 4;
}
