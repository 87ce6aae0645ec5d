/** The tag by which the operator taught a reader may still lie there when it is opened: it is no voter's for a while. */
import { sameBytes } from "../../shared/bytes.ts";
import type { LfBits } from "../../shared/domain/event-settings.ts";
import { normalForm } from "../tap/normal-form.ts";
import type { SeenTag } from "../tap/seen-tag.ts";
import { SETTLE_MS } from "./listening.ts";
import type { OwnMapping } from "./mapping-keeper.ts";
import type { StationReaders } from "./station-readers.ts";

export interface SettlingSurroundings {
  readers: Pick<StationReaders, "claimTaps">;
  mapping: Pick<OwnMapping, "readers">;
  lfBits: () => LfBits;
  setTimer: (run: () => void, delayMs: number) => () => void;
}

export interface Settling {
  /** From now on, for `SETTLE_MS`, this tag at this reader is no vote. Other tags are, and this one elsewhere. */
  begin(reader: string, tag: SeenTag): void;
  stop(): void;
}

export function createSettling({ readers, mapping, lfBits, setTimer }: SettlingSurroundings): Settling {
  const ends = new Set<() => void>();
  return {
    begin(id, tag) {
      const isTag = (uid: Uint8Array) => {
        const format = mapping.readers().find((reader) => reader.id === id)?.format;
        const number = format === undefined ? null : normalForm(tag, format, lfBits());
        return number !== null && sameBytes(number.uid, uid);
      };
      const unclaim = readers.claimTaps(
        () => {},
        ({ uid }, { reader }) => reader === id && isTag(uid),
      );
      const cancel = setTimer(() => end(), SETTLE_MS);
      const end = () => {
        cancel();
        unclaim();
        ends.delete(end);
      };
      ends.add(end);
    },
    stop() {
      for (const end of ends) end();
    },
  };
}
