/**
 * Who may vote, as the server's roll says: gathered chunk by chunk, in force once it is complete, and until then the one
 * before is. Without a roll anyone may vote; the fold judges again in any case.
 */
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import type { LfBits } from "../../shared/domain/event-settings.ts";
import type { Sha256 } from "../../shared/domain/record.ts";
import { decodeRollChunk } from "../../shared/domain/roll.ts";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { openRollShelf, type KeptRollSurroundings } from "./kept-roll.ts";
import { chunkRows, createRollTable, type RollTable } from "./roll-table.ts";

export interface RollSurroundings extends KeptRollSurroundings {
  sha256: Sha256;
  /** Low bits of a 125 kHz number that are compared: what tag keys are made under here. */
  lfBits: () => LfBits;
}

export interface Roll {
  /** A frame of the link; what is lacking is asked for, one chunk at a time. */
  onFrame(frame: FrameOf<"roll"> | FrameOf<"chunk">, send: (frame: FrameOf<"want">) => void): void;
  /** May this tag vote in a poll for these groups? Null when it may. */
  refusal(tagKey: Uint8Array, groups: readonly number[]): "unknown-tag" | "not-entitled" | null;
}

interface RollInForce {
  /** Hashes of its chunks, hexadecimal. */
  chunks: readonly string[];
  /** What was compared when the server last named it: under other bits these tag keys are never made. */
  lfBits: LfBits;
  table: RollTable;
}

export function createRoll(around: RollSurroundings): Roll {
  const { sha256 } = around;
  const shelf = openRollShelf(around);
  /** Rows of chunks that are here and not in force, by hash. */
  const gathered = shelf.found;
  /** The server's newest word; null before it said any on this run. */
  let told: readonly Uint8Array[] | null = null;
  let inForce: RollInForce | undefined;
  const isHere = (hash: string) => gathered.has(hash) || inForce?.chunks.includes(hash) === true;

  /** Take a roll into force of which every chunk is here. */
  const adopt = (chunks: readonly string[], lfBits: LfBits) => {
    const before = chunks.every((hash) => gathered.has(hash)) ? [] : (inForce?.table.split() ?? []);
    const taken = new Map(inForce?.chunks.map((hash, at) => [hash, before[at]]));
    const table = createRollTable(chunks.flatMap((hash) => gathered.get(hash) ?? taken.get(hash) ?? []));
    for (const hash of chunks) gathered.delete(hash);
    inForce = { chunks, lfBits, table };
  };
  if (shelf.inForce?.every(isHere) === true) {
    const lfBits = shelf.lfBits ?? around.lfBits();
    adopt(shelf.inForce, lfBits);
    // Noted now: at another start, after the bits were changed, it would pass for a roll of those.
    if (shelf.lfBits === null) shelf.putRoll(shelf.inForce.map(bytesOfHex), lfBits);
  }

  /** Ask for the first chunk that is not here, or take the roll into force. */
  const goOn = (send: (frame: FrameOf<"want">) => void) => {
    if (told === null) return;
    const missing = told.find((hash) => !isHere(toHex(hash)));
    if (missing !== undefined) return send([FRAME.want, missing]);
    const chunks = told.map(toHex);
    const lfBits = around.lfBits();
    if (inForce !== undefined && chunks.join() === inForce.chunks.join()) {
      if (inForce.lfBits === lfBits) return;
      // Tags without a 125 kHz number make the same chunks under any bits.
      inForce = { ...inForce, lfBits };
      return shelf.putRoll(told, lfBits);
    }
    adopt(chunks, lfBits);
    shelf.putRoll(told, lfBits);
    shelf.only(new Set(chunks));
  };

  return {
    onFrame(frame, send) {
      if (frame[0] === FRAME.roll) {
        told = frame[1];
        const needed = new Set([...told.map(toHex), ...(inForce?.chunks ?? [])]);
        for (const hash of gathered.keys()) if (!needed.has(hash)) gathered.delete(hash);
        shelf.only(needed);
        return goOn(send);
      }
      const [, bytes] = frame;
      const hash = sha256(bytes);
      const name = toHex(hash);
      // Only what was asked for: anything else would be kept for nobody, and asked for on and on.
      if (told === null || isHere(name) || !told.some((wanted) => toHex(wanted) === name)) return undefined;
      const tags = decodeRollChunk(bytes);
      if (tags === undefined) return undefined;
      const rows = chunkRows(tags);
      gathered.set(name, rows);
      shelf.putChunk(name, hash, rows);
      return goOn(send);
    },
    refusal(tagKey, groups) {
      // The server changes the bits only while there is no roll, so one of other bits was taken away: nobody is refused by it.
      if (inForce !== undefined && inForce.chunks.length > 0 && inForce.lfBits !== around.lfBits()) return null;
      // While the first roll is still on its way nobody here knows better than the fold.
      if (inForce === undefined || (inForce.chunks.length === 0 && told !== null && told.length > 0)) return null;
      const group = inForce.table.groupOf(tagKey);
      if (group === undefined && inForce.chunks.length > 0) return "unknown-tag";
      return groups.length > 0 && (group === undefined || !groups.includes(group)) ? "not-entitled" : null;
    },
  };
}
