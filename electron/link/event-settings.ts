/** The event's settings as the server told them last: kept in a file, so that they hold after a start without a network. */
import { join } from "node:path";
import * as v from "valibot";
import { bytesOfHex, sameBytes, toHex } from "../../shared/bytes.ts";
import { DEFAULT_LF_BITS, LfBits } from "../../shared/domain/event-settings.ts";
import { SETTING, type FrameOf } from "../../shared/link/frames.ts";
import { IdText } from "../../shared/schemas.ts";
import { readWhole, writeWhole } from "../files/whole-file.ts";
import { StationUnusable } from "../files/station-unusable.ts";

const SettingsFile = v.strictObject({ event: IdText, lfBits: LfBits });

/** As bytes: whose they are is asked at each sighting of a tag, and a text made for that took half of its time. */
interface Kept {
  event: Uint8Array;
  lfBits: LfBits;
}

export interface EventSettings {
  /** Low bits of a 125 kHz number that are compared in this event. */
  lfBits(): LfBits;
  /**
   * What the server says of the event this station belongs to; null: nothing, as one of the first version does. On disk
   * before it returns. Throws when the disk does not take it.
   */
  take(frame: FrameOf<"settings"> | null): void;
}

/**
 * Throws `StationUnusable` for a file that cannot be read: with a guess the same tag could vote twice.
 * @param event of the enrolment; undefined before it
 */
export function openEventSettings(directory: string, event: () => Uint8Array | undefined): EventSettings {
  const path = join(directory, "event-settings.json");
  const text = readWhole(path);
  let kept = text === undefined ? undefined : readSettings(path, text);
  const lfBits = (): LfBits => {
    const own = event();
    // Those of an event that the station was enrolled at before say nothing of this one.
    return kept !== undefined && own !== undefined && sameBytes(kept.event, own) ? kept.lfBits : DEFAULT_LF_BITS;
  };
  return {
    lfBits,
    take(frame) {
      const own = event();
      const told = frame === null ? DEFAULT_LF_BITS : lfBitsIn(frame);
      if (own === undefined || told === undefined || told === lfBits()) return;
      writeWhole(path, `${JSON.stringify({ event: toHex(own), lfBits: told })}\n`);
      kept = { event: own, lfBits: told };
    },
  };
}

function readSettings(path: string, text: string): Kept {
  try {
    const { event, lfBits } = v.parse(SettingsFile, JSON.parse(text));
    return { event: bytesOfHex(event), lfBits };
  } catch (error) {
    throw new StationUnusable(
      "data-corrupt",
      `The station's file ${path} is damaged. Put it back from a backup; or move it away, and let the station reach its ` +
        `server before anybody votes.`,
      { cause: error },
    );
  }
}

/** Of a setting that is there twice the last stands. */
function lfBitsIn([, settings]: FrameOf<"settings">): LfBits | undefined {
  const values = settings.flatMap(([number, value]) => (number === SETTING.lfBits ? [value] : []));
  const last = v.safeParse(LfBits, values.at(-1));
  return last.success ? last.output : undefined;
}
