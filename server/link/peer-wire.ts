/** The socket under a link, as its writer and its session see it. */
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { CloseName } from "../../shared/link/close-codes.ts";
import type { LinkCounts } from "../metrics/server-counts.ts";
import type { Wire } from "../push/turn-writer.ts";
import { endPeer } from "./peer-end.ts";
import type { LinkEnd } from "./session.ts";

/**
 * After the close frame nothing more may be written, so the socket counts as gone as soon as closing began.
 *
 * A class, since getters of an object literal are made anew for each object: V8 then keeps it as a table, slower to ask
 * and half a kilobyte larger, for each of 10,000 links.
 */
export class PeerWire implements Wire, LinkEnd {
  readonly #peer: WebSocket;
  readonly #socket: Socket;
  readonly #counts: LinkCounts;

  constructor(peer: WebSocket, socket: Socket, counts: LinkCounts) {
    this.#peer = peer;
    this.#socket = socket;
    this.#counts = counts;
  }

  get writableLength(): number {
    return this.#socket.writableLength;
  }

  get destroyed(): boolean {
    // Not `destroyed`, which asks its reading side as well: one more object that a write does not need.
    return !this.#socket.writable || this.#peer.readyState !== this.#peer.OPEN;
  }

  write(bytes: Uint8Array): boolean {
    this.#counts.writesOut++;
    this.#counts.bytesOut += bytes.length;
    return this.#socket.write(bytes);
  }

  once(event: "drain", listener: () => void): unknown {
    return this.#socket.once(event, listener);
  }

  close(why: CloseName): void {
    endPeer(this.#peer, why);
  }
}
