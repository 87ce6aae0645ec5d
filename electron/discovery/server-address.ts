/** A server's address as people type, scan or find it, made into the one form that the link takes. */
import { oneLine } from "../../shared/one-line.ts";
import { say, type Sentence } from "../../shared/sentences/sentence.ts";
import { isLoopback } from "../host/loopback.ts";

/** Where `npm run server` listens. Used while nobody said anything else. */
export const DEFAULT_SERVER = "http://127.0.0.1:7070";
/** The server's own default; who types only a name means that. */
const DEFAULT_PORT = "7070";
/** RFC 1035. */
const MAX_HOST_LENGTH = 253;
/** A host; the rest is a scheme, a port, and a path that is not looked at. */
const MAX_ADDRESS_LENGTH = 300;

/** An example for people. */
const A_NAME = "votes.example:7070";

const SCHEMES: Readonly<Record<string, "http" | "https">> = { http: "http", https: "https", ws: "http", wss: "https" };

export type ServerAddress =
  /** `url`: scheme, host and port, nothing more. */
  | { ok: true; url: string }
  /** What is wrong and what to do. */
  | { ok: false; fault: Sentence };

/**
 * Read `host`, `host:port`, or an address with `http`, `https`, `ws` or `wss`; a path is left off. Without a scheme it is
 * `https`, but `http` on this computer; without scheme and port the port is 7070. Beyond this computer only TLS is taken.
 */
export function readServerAddress(typed: string): ServerAddress {
  // An address has no white space; keyboards of screens add some after a dot.
  const text = typed.replaceAll(/\s/gu, "");
  if (text === "" || text.length > MAX_ADDRESS_LENGTH) return noAddress(typed);
  // Not `votes:7070`, which reads like a scheme too.
  const [, scheme, rest = text] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text) ?? [];
  const spoken = scheme === undefined ? null : SCHEMES[scheme.toLowerCase()];
  if (spoken === undefined) {
    return { ok: false, fault: say("bad-scheme", { typed: oneLine(typed), scheme: "https://", name: A_NAME }) };
  }
  const [authority = ""] = rest.split(/[/?#\\]/, 1);
  if (authority.includes("@")) return { ok: false, fault: say("user-name") };
  return urlOf(spoken, authority, typed);
}

function urlOf(scheme: "http" | "https" | null, authority: string, typed: string): ServerAddress {
  const withPort = scheme === null && !/:\d*$/.test(bracketed(authority));
  const host = withPort ? `${bracketed(authority)}:${DEFAULT_PORT}` : bracketed(authority);
  const url = host === "" ? null : URL.parse(`${scheme ?? "https"}://${host}`);
  if (url === null || url.hostname === "" || url.hostname.length > MAX_HOST_LENGTH) return noAddress(typed);
  const near = isLoopback(url.hostname);
  if (scheme === "http" && !near)
    return { ok: false, fault: say("not-encrypted", { typed: oneLine(typed), scheme: "https://" }) };
  // Of one scheme the port that it has by itself is left off; of the other it must not get lost.
  if (scheme === null && near) return { ok: true, url: new URL(`http://${host}`).origin };
  return { ok: true, url: url.origin };
}

/** `fe80::1` as a URL takes it; only what has two colons can be one. */
function bracketed(authority: string): string {
  return /^[0-9a-f]*:[0-9a-f.]*:[0-9a-f:.]*$/i.test(authority) ? `[${authority}]` : authority;
}

function noAddress(typed: string): ServerAddress {
  const examples = { name: A_NAME, address: "https://192.168.1.5:7070" };
  if (typed.trim() === "") return { ok: false, fault: say("nothing-typed", examples) };
  return { ok: false, fault: say("no-address", { typed: oneLine(typed), ...examples }) };
}
