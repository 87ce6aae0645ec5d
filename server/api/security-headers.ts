/** What every reply tells a browser not to do. */

/** A year; the certificate may be self-made, so subdomains and preloading are left alone. */
const HSTS = "max-age=31536000";

const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/** For pages: their own scripts, styles and requests, nobody else's. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; " +
  "base-uri 'none'; form-action 'none'";

/** Tallies and sessions are never to be shown from a cache. */
export function securityHeaders(tls: boolean): Readonly<Record<string, string>> {
  return {
    "content-security-policy": API_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    ...(tls && { "strict-transport-security": HSTS }),
  };
}
