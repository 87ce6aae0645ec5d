import { type Device, keepConnected } from "../connected-reader.ts";
import type { Reader, ReaderEvents } from "../driver.ts";
import { BY_PATH, type EvdevSpec, isByPath } from "./evdev-spec.ts";
import type { EvdevDeps } from "./keyboard.ts";
import { createLineReader, type TypedLine } from "./typed-line.ts";

/**
 * A keyboard wedge: the numbers it types become sightings, and its keys go nowhere else. It tries for ever, with back-off,
 * until `stop`, and never throws. It has no lamp that we could work.
 */
export function openEvdevReader(spec: EvdevSpec, events: ReaderEvents, deps: EvdevDeps): Reader {
  const hear = (line: TypedLine) => {
    if (line.kind === "bad") events.onBadFrame();
    else events.onSighting({ kind: "present", tag: { form: "digits", digits: line.digits, technology: "unknown" } });
  };
  const device: Device<{ begin(): void; close(): Promise<void> }> = {
    shownPath: isByPath(spec.place) ? `${BY_PATH}/${spec.place}` : spec.place,
    mustAnswer: false,
    locate: () => deps.locate(spec.place),
    async open(path, { isOpen, gone }) {
      const lines = createLineReader();
      /** Lines that ended while the keyboard was being taken hold of: what they began with may have gone elsewhere. */
      let missed = 0;
      let begun = false;
      const opening = await deps.grab(path, {
        onEvents(keys) {
          for (const key of keys) {
            const line = lines.take(key);
            if (line === null) continue;
            if (!begun) missed++;
            else if (isOpen()) hear(line);
          }
        },
        onGone: gone,
      });
      if (!opening.ok) return opening;
      // It was held while a wedge typed: before that the keys went elsewhere.
      lines.distrust();
      return {
        ok: true,
        held: {
          begin() {
            begun = true;
            // Whoever held a tag there waits for a word; and whoever hears one may stop the reader.
            for (; missed > 0 && isOpen(); missed--) events.onBadFrame();
          },
          close: opening.keyboard.close,
        },
      };
    },
    onState: events.onState,
  };
  const { stop } = keepConnected(device, deps);
  return { id: spec.id, name: spec.name, signal: null, stop };
}
