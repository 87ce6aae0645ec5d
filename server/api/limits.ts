/** Bounds of the HTTP side, each with its reason. */

/** A poll of 50 labels of 120 characters, every one written as `\uXXXX`, is 38 KiB. */
export const MAX_BODY_BYTES = 65_536;
/** 1,000 voters with a tag each and every field, indented for people to read, are 230 KB. */
export const MAX_ROLL_BODY_BYTES = 262_144;
/** Headers arrive in one packet or two; who drips them for longer is holding a socket. */
export const HEADERS_TIMEOUT_MS = 10_000;
/** The largest body over a bad mobile line. */
export const REQUEST_TIMEOUT_MS = 20_000;
/** How often Node looks for connections past the two bounds above. */
export const TIMEOUT_CHECK_MS = 2_000;
/** Longer than a screen's pause between two requests, shorter than anything in between drops an idle line. */
export const KEEP_ALIVE_MS = 30_000;
/** The handshake of TLS, before which there is no request to be late: two round trips over a bad mobile line. */
export const TLS_HANDSHAKE_MS = 5_000;
/**
 * Connections that wait for their client: for its request's end, or for its next. Of more, the one that waits longest goes:
 * a client of good will sends at once, so whoever drips ends its own. A thousand stations and browsers may come together.
 */
export const MAX_WAITING_CONNECTIONS = 2_000;
/** All connections together: 12,000 links, 1,000 screens, those that wait, and what is just being answered. */
export const MAX_CONNECTIONS = 16_384;
/** Requests from one address in `REQUESTS_WINDOW_MS`: a hall behind one router asks less, a runaway script more. */
export const MAX_REQUESTS = 2_000;
export const REQUESTS_WINDOW_MS = 10_000;

/** How long a read waits for `minCursor`: a commit takes milliseconds, a server that catches up takes longer. */
export const CURSOR_WAIT_MS = 2_000;
/** Reads that may wait at once; each holds a request in memory. */
export const MAX_CURSOR_WAITERS = 500;
/** How long a change of readers waits for the station's word: a round trip and a write, with a disk that is slow. */
export const MAPPING_WAIT_MS = 5_000;
/** Of those that wait so; more are told that the change is stored, which it is. */
export const MAX_MAPPING_WAITERS = 200;
/** An act for `If-Match` is tried again when only other things moved on; under a flood of ballots that is rare. */
export const MAX_ACT_TRIES = 20;
/** A certificate names the stations that are missing; one that delivers just then changes them, and the list is made anew. */
export const MAX_CERTIFY_TRIES = 3;
/** Stations a sentence names before it only counts the rest. */
export const MAX_STATIONS_NAMED = 10;

/** Screens that follow live tallies straight from the server; a socket each. Stations take theirs from the link. */
export const MAX_RECEIVERS = 1_000;
/** Keeps the line open through whatever is in between, and finds out that nobody is there. */
export const HEARTBEAT_MS = 15_000;
/** Who took nothing for this long is gone or hostile, and gives its place to another. */
export const STUCK_MS = 60_000;
