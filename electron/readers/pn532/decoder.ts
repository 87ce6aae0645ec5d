import type { Decoder, Frame } from "../frame.ts";
import type { Parsed } from "../packets.ts";
import { COMMAND, createPn532Scanner, listedUids, type Pn532Frame } from "./frames.ts";

/** What a PN532 says of tags, whoever asked it. */
export function createPn532Decoder(): Decoder {
  const scanner = createPn532Scanner();
  return {
    push: (bytes) => scanner.push(bytes).flatMap(toFrames),
    flush: () => scanner.flush().flatMap(toFrames),
    get heldBytes() {
      return scanner.heldBytes;
    },
  };
}

function toFrames(parsed: Parsed<Pn532Frame>): Frame[] {
  if (parsed.kind === "bad") return [parsed];
  const { packet } = parsed;
  if (packet.kind !== "reply" || packet.command !== COMMAND.listTargets) return [];
  const uids = listedUids(packet.payload);
  return uids === undefined ? [{ kind: "bad", why: "cutShort" }] : uids.map((uid) => ({ kind: "uid", uid }));
}
