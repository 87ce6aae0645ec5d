/**
 * Who may ask the station's local server, where its page has a host of its own (Electron): only that page. Other
 * programs and users of this computer reach the port too, but do not know the token of this run.
 *
 * The host opens `/?token=…`; that is answered with a cookie and sent on to `/`, so that the token stays in no address.
 * The page's own requests (`/events`, `/assets`, `/demo/taps`) then carry the cookie by themselves.
 */
import { createHash, timingSafeEqual } from "node:crypto";

/** Browsers do not tell cookies of one computer's ports apart; a host has one station, and a profile of its own. */
const COOKIE = "station-page";
/** Whoever watches the computer asks here, without a token; nothing secret is told. */
const OPEN_PATH = "/healthz";

export interface GateRequest {
  method: string;
  /** Path and query. */
  url: string;
  cookie: string | undefined;
}

export type GateAnswer =
  | { kind: "pass" }
  /** Send it on to `/` with this `Set-Cookie`. */
  | { kind: "welcome"; setCookie: string }
  | { kind: "refuse" };

/** @param token random, of this run, in characters that a URL and a cookie take as they are (base64url) */
export function createPageGate(token: string): (request: GateRequest) => GateAnswer {
  const expected = sha256(token);
  // Hashes are of one length and tell nothing of how much of a guess was right.
  const isToken = (guess: string) => timingSafeEqual(sha256(guess), expected);
  return ({ method, url, cookie }) => {
    // As it stands, without `..` resolved: the router does not resolve it either.
    const [path, query] = url.split("?", 2);
    if (path === OPEN_PATH) return { kind: "pass" };
    const shown = new URLSearchParams(query).get("token");
    if (method === "GET" && path === "/" && shown !== null) {
      if (!isToken(shown)) return { kind: "refuse" };
      return { kind: "welcome", setCookie: `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict` };
    }
    return cookiesNamed(COOKIE, cookie).some(isToken) ? { kind: "pass" } : { kind: "refuse" };
  };
}

function cookiesNamed(name: string, header: string | undefined): string[] {
  return (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

function sha256(text: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(text).digest());
}
