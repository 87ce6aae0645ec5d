/** What comes over a serial line, and what an operator writes about it, fuzzed. For tests only. */
import { concatBytes, toHex } from "../../shared/bytes.ts";
import type { Random } from "../../shared/domain/model/random.testing.ts";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateBytes } from "../../shared/fuzz/mutate-bytes.testing.ts";
import { mutateText } from "../../shared/fuzz/mutate-text.testing.ts";
import { ARDUINO_MAX_LINE_BYTES } from "../readers/arduino/decoder.ts";
import { ASCII125_MAX_HELD_BYTES } from "../readers/ascii125/decoder.ts";
import type { Frame } from "../readers/frame.ts";
import { EASYIDENT_DIGITS } from "../readers/easyident/decoder.ts";
import { PARALLAX_MAX_HELD_BYTES } from "../readers/parallax/decoder.ts";
import { pcscSpecText } from "../readers/pcsc/pcsc-spec.ts";
import { PN532_MAX_HELD_BYTES } from "../readers/pn532/frames.ts";
import { PUBLIC_FRAMES } from "../readers/public-frames.ts";
import { RSSYSTEMS_DIGITS } from "../readers/rssystems/decoder.ts";
import { serialProtocol, type ProtocolName } from "../readers/serial/protocols.ts";
import { parseReaderSpec, parseReaderSpecs } from "../readers/spec.ts";
import { SM130_MAX_HELD_BYTES } from "../readers/sm130/frames.ts";
import { conversationTargets } from "./conversation-targets.testing.ts";

/** The shortest (ISO 14443 single size) and the longest (triple size) number a tag may have, in bytes. */
const MIN_UID_BYTES = 4;
const MAX_UID_BYTES = 10;
const HELD: Record<ProtocolName, number> = {
  rdm6300: ASCII125_MAX_HELD_BYTES,
  id12: ASCII125_MAX_HELD_BYTES,
  grove: ASCII125_MAX_HELD_BYTES,
  parallax: PARALLAX_MAX_HELD_BYTES,
  arduino: ARDUINO_MAX_LINE_BYTES,
  easyident: EASYIDENT_DIGITS,
  rssystems: RSSYSTEMS_DIGITS,
  sm130: SM130_MAX_HELD_BYTES,
  pn532: PN532_MAX_HELD_BYTES,
};
/** Frames that arrive together, and pieces in which the port hands them on. */
const MAX_FRAMES = 5;
const MAX_PIECES = 6;

export function readerTargets(): Target[] {
  const decoders = ["rdm6300", "parallax", "arduino", "easyident", "rssystems", "sm130", "pn532"] as const;
  return [...decoders.map(decoderTarget), ...conversationTargets(), specTarget()];
}

function decoderTarget(protocol: ProtocolName): Target {
  const samples = PUBLIC_FRAMES.flatMap((frame) => (frame.protocol === protocol ? [frame.bytes] : []));
  const newDecoder = () => serialProtocol(protocol).createDecoder();
  return {
    name: `${protocol} on a serial line`,
    outcomes: ["uid", "bad", "nothing"],
    next(random) {
      const frames = Array.from({ length: 1 + random.below(MAX_FRAMES) }, () => mutateBytes(random, samples));
      const stream = concatBytes(...frames);
      const pieces = inPieces(random, stream);
      return {
        shown: () => toHex(stream),
        attempt() {
          const decoder = newDecoder();
          const heard = pieces.flatMap((piece) => {
            const given = decoder.push(piece);
            must(decoder.heldBytes <= HELD[protocol], "no more is held than the decoder's limit");
            return given;
          });
          must(shown(heard) === shown(newDecoder().push(stream)), "how the port cuts the bytes changes nothing");
          const rest = decoder.flush?.() ?? [];
          must(decoder.flush === undefined || decoder.heldBytes === 0, "a silent line leaves nothing held");
          return wordFor([...heard, ...rest]);
        },
      };
    },
  };
}

function wordFor(frames: readonly Frame[]): string {
  const uids = frames.flatMap((frame) => (frame.kind === "uid" ? [frame.uid.length] : []));
  must(
    uids.every((length) => length >= MIN_UID_BYTES && length <= MAX_UID_BYTES),
    "a UID has 4 to 10 bytes",
  );
  if (uids.length > 0) return "uid";
  return frames.length > 0 ? "bad" : "nothing";
}

function shown(frames: readonly Frame[]): string {
  return frames.map((frame) => (frame.kind === "uid" ? toHex(frame.uid) : frame.why)).join();
}

function inPieces(random: Random, stream: Uint8Array): Uint8Array[] {
  const cuts = Array.from({ length: random.below(MAX_PIECES) }, () => random.below(stream.length + 1));
  const ends = [...cuts, stream.length].toSorted((a, b) => a - b);
  return ends.map((end, at) => stream.subarray(ends[at - 1] ?? 0, end));
}

const SPECS = [
  "serial:/dev/ttyUSB0?protocol=rdm6300&slot=1",
  "serial:/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0?protocol=arduino&baud=115200&gap=400",
  "serial:\\\\.\\COM12?protocol=parallax&name=Left%20door",
  "serial:COM3?protocol=id12",
  "serial:/dev/ttyACM0?protocol=arduino&feedback=line&slot=50",
  "serial:/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0?protocol=sm130&baud=57600",
  "pcsc:",
  "pcsc:usb-1-2.3:ACS ACR122U PICC Interface?slot=7&gap=300",
  "evdev:/dev/input/by-path/x",
  "virtual:1",
];

function specTarget(): Target {
  return {
    name: "reader specs",
    outcomes: ["read", "refused"],
    next(random) {
      const text = mutateText(random, SPECS);
      return {
        shown: () => JSON.stringify(text),
        attempt() {
          const parsed = parseReaderSpec(text);
          const twice = parseReaderSpecs([text, text]);
          // `pcsc:` is no port, but every PC/SC reader.
          must(!twice.ok || text === "pcsc:", "a port is not opened twice");
          if (!parsed.ok) return mustBeLine(parsed.why);
          if (parsed.spec.kind === "pcsc") {
            const { place, sameTapMs, name, slot } = parsed.spec;
            const fields = new URLSearchParams({ name, gap: `${sameTapMs}` });
            if (slot !== undefined) fields.set("slot", `${slot}`);
            const again = parseReaderSpec(`${pcscSpecText(place)}?${fields.toString()}`);
            must(
              again.ok && JSON.stringify(again.spec) === JSON.stringify(parsed.spec),
              "written out it says the same",
            );
          }
          if (parsed.spec.kind !== "serial") return "read";
          const { path, protocol, baud, sameTapMs, lineBack, name, slot } = parsed.spec;
          const fields = new URLSearchParams({ protocol, baud: `${baud}`, gap: `${sameTapMs}` });
          if (slot !== undefined) fields.set("slot", `${slot}`);
          if (lineBack) fields.set("feedback", "line");
          const again = parseReaderSpec(`serial:${path}?${fields.toString()}`);
          if (path.includes("?")) return "read";
          const same = again.ok && JSON.stringify({ ...again.spec, name }) === JSON.stringify(parsed.spec);
          must(same, "written out in full it says the same");
          return "read";
        },
      };
    },
  };
}

/** Long enough for what is wrong, what was written and the remedy; short enough to be read. */
const MAX_WHY_LENGTH = 1_000;

/** A refusal is one line that a terminal shows as it is. */
export function mustBeLine(why: string): "refused" {
  must(why.length > 0 && why.length <= MAX_WHY_LENGTH, "a refusal is a line of bearable length");
  must(!/[\p{Cc}\u2028\u2029]/u.test(why), `a refusal is one line without control characters: ${JSON.stringify(why)}`);
  return "refused";
}
