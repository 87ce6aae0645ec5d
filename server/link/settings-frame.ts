/** The event's settings, as stations are told them. */
import type { LfBits } from "../../shared/domain/event-settings.ts";
import { FRAME, SETTING, type FrameOf } from "../../shared/link/frames.ts";

export function settingsFrame(lfBits: LfBits): FrameOf<"settings"> {
  return [FRAME.settings, [[SETTING.lfBits, lfBits]]];
}
