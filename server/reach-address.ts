/** The address to tell people, of a server that listens on all addresses of its computer. */
import type { NetworkInterfaceInfo } from "node:os";

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** Listening on these means: on every address there is. */
const EVERYWHERE: readonly string[] = ["0.0.0.0", "::"];

/**
 * Addresses for people, best first: the one it listens on, and of a server that listens everywhere those by which others
 * reach this computer; its own when it has no network.
 * @param url with the port, as the listener tells it
 * @param interfaces as `os.networkInterfaces()` tells them
 */
export function reachedAt(url: string, host: string, interfaces: Interfaces): string[] {
  if (!EVERYWHERE.includes(host)) return [url];
  const reachable = Object.values(interfaces)
    .flatMap((found) => found ?? [])
    .filter(({ internal, address }) => !internal && !isLinkLocal(address))
    .filter(({ family }) => family === "IPv4" || host === "::")
    .toSorted((a, b) => a.family.localeCompare(b.family));
  const names = reachable.map(({ family, address }) => (family === "IPv6" ? `[${address}]` : address));
  const known = names.length > 0 ? [...new Set(names)] : ["127.0.0.1"];
  return known.map((name) => url.replace(/\/\/.*(?=:\d+$)/, `//${name}`));
}

/** Good on one cable only; in a URL it would need that cable's name. */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address) || address.startsWith("169.254.");
}
