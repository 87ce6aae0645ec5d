/**
 * Names this server goes by. A page of another site can make a browser call a loopback server under that site's own name
 * (DNS rebinding); the `Host` header gives it away.
 */
import { BlockList, isIP } from "node:net";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** RFC 6761, 6.3: every name under `localhost` leads to this machine; of what no name is made of, nothing is known. */
const LOCAL_NAME = /^(?:[a-z0-9-]+\.)*localhost$/;

/** Is this an address or name that only this machine can call? */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  if (LOCAL_NAME.test(name)) return true;
  const family = isIP(name);
  return family !== 0 && LOOPBACK.check(name, family === 4 ? "ipv4" : "ipv6");
}

/**
 * May a request with this `Host` header be answered by a server bound to `boundTo`? Also for the WebSocket's upgrade.
 * Bound to loopback it must be a loopback name or one of `names`; beyond it every name leads here by intent.
 */
export function hostAllowed(header: string | undefined, boundTo: string, names: readonly string[] = []): boolean {
  if (!isLoopback(boundTo)) return true;
  const [, bracketed, plain] = /^(?:\[([^\]%]+)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(header ?? "") ?? [];
  const host = bracketed ?? plain;
  return host !== undefined && (isLoopback(host) || names.some((name) => name.toLowerCase() === host.toLowerCase()));
}

/** How many `Host` headers there are. @param rawHeaders names and values by turns, as Node has them */
export function hostsIn(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((text, at) => at % 2 === 0 && text.length === 4 && text.toLowerCase() === "host").length;
}
