/** Bounds of the link, both sides. A peer that passes one is told which by the close code, and is not waited for. */

/** The versions of the protocol this code speaks, newest first. */
export const LINK_VERSIONS = [2, 1] as const;

/** Path of the WebSocket on the server. */
export const LINK_PATH = "/link";
/** Named as the WebSocket's subprotocol, so that a stray client is told apart before its first frame. */
export const LINK_SUBPROTOCOL = "polling-station";

/** A batch of 128 records is 4 KiB, a poll's definition with 50 labels of 120 wide characters 25 KiB; and it fits 16 bits. */
export const MAX_FRAME_BYTES = 65_535;
/** The whole handshake; a person never waits in it, so a slow network has ample time. */
export const HANDSHAKE_MS = 10_000;
/** How often either side says something, so that a dead connection is noticed. */
export const HEARTBEAT_MS = 5_000;
/** Silence for this long is a dead connection: two heartbeats lost, and some. */
export const SILENCE_MS = 12_500;
/** Batches a station may have on the way unacknowledged: keeps the line full at 200 ms round trip, and memory small. */
export const MAX_BATCHES_IN_FLIGHT = 8;
/** Frames a second that a server takes from one station, over all its links, sustained; at 50 taps a second it sends 50. */
export const FRAMES_PER_SECOND = 400;
/** And at once: a reconnecting station opens its logs and fills its window. Connecting again does not fill it up. */
export const FRAME_BURST = 1_200;
/** Logs a station may open on one link: one for each opening it ever had that is not drained. */
export const MAX_LOGS_PER_LINK = 1_000;
/** Links one station may hold at once: a reconnect may come before the old link is known to be dead; a clone is another. */
export const MAX_LINKS_PER_STATION = 4;
/** Stations waiting for approval at once; more are told to come back. */
export const MAX_WAITING_STATIONS = 200;
/** Polls a station says it has when it connects; of others it is told again, which costs only bytes. */
export const MAX_POLLS_TOLD = 1_000;
/**
 * Readers in one `readers` frame: with the longest texts one takes 1,800 bytes. A station's hundred come in up to four.
 */
export const MAX_READERS_PER_FRAME = 32;
/** Why a reader is lost, for people far away: the first words name the cause. */
export const MAX_REASON_LENGTH = 200;
/** How often a station tells of its readers at most: a connector with a loose contact comes and goes twenty times a second. */
export const READERS_EVERY_MS = 1_000;
/** What the event's stations are told in one `settings`; there is one so far. */
export const MAX_SETTINGS = 32;
/** Event titles and software names: one line. */
export const MAX_NAME_LENGTH = 120;
