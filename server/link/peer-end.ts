/** How a link ends: a close frame that says why, a moment for the station to answer it, then the socket is cut. */
import type { WebSocket } from "ws";
import { CLOSE, closeWords, type CloseName } from "../../shared/link/close-codes.ts";
import { noteEnd } from "./link-watch.ts";

/** After a close frame the peer gets this long to answer before its socket is cut. */
const CLOSE_GRACE_MS = 1_000;

export function endPeer(peer: WebSocket, why: CloseName): void {
  if (peer.readyState !== peer.OPEN) return;
  noteEnd(peer, why);
  peer.close(CLOSE[why], closeWords(why));
  cutLater(peer);
}

export function cutLater(peer: WebSocket): void {
  const cut = setTimeout(() => peer.terminate(), CLOSE_GRACE_MS);
  peer.once("close", () => clearTimeout(cut));
}
