import type { Decoder, Frame } from "../frame.ts";
import type { Parsed } from "../packets.ts";
import { COMMAND, createSm130Scanner, sm130Answer, type Sm130Frame } from "./frames.ts";

/** What an SM130 says of tags, whoever asked it: also one that was set to seek by itself. */
export function createSm130Decoder(): Decoder {
  const scanner = createSm130Scanner();
  return {
    push: (bytes) => scanner.push(bytes).flatMap(toFrame),
    flush: () => scanner.flush().flatMap(toFrame),
    get heldBytes() {
      return scanner.heldBytes;
    },
  };
}

function toFrame(parsed: Parsed<Sm130Frame>): Frame[] {
  if (parsed.kind === "bad") return [parsed];
  const { command } = parsed.packet;
  if (command !== COMMAND.seek && command !== COMMAND.select) return [];
  const answer = sm130Answer(parsed.packet);
  return answer.kind === "tag" ? [{ kind: "uid", uid: answer.uid }] : [];
}
