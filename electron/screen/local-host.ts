/** Names by which a browser on this machine may ask for the station. */
const LOCAL_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Is a `Host` header one of them, with any port? */
export function isLocalHost(host: string | undefined): boolean {
  return host !== undefined && LOCAL_NAMES.has(host.replace(/:\d{1,5}$/, "").toLowerCase());
}
