/** What a keyboard wedge types, as the kernel and evtest tell it, and the numbers in it, fuzzed. For tests only. */
import { toHex } from "../../shared/bytes.ts";
import { DigitsForm, Technology } from "../../shared/domain/mapping.ts";
import type { Random } from "../../shared/domain/model/random.testing.ts";
import { MAX_NUMBER_BYTES, MIN_NUMBER_BYTES } from "../../shared/domain/tag-number.ts";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateBytes } from "../../shared/fuzz/mutate-bytes.testing.ts";
import { mutateText } from "../../shared/fuzz/mutate-text.testing.ts";
import { parseEvdevSpec } from "../readers/evdev/evdev-spec.ts";
import { createEvtestDecoder, EVTEST_MAX_LINE } from "../readers/evdev/evtest-output.ts";
import { createInputEventDecoder, INPUT_EVENT_BYTES } from "../readers/evdev/input-event.ts";
import { asBytes, asEvtest, EVTEST_HEAD, EVTEST_TAKEN, typing } from "../readers/evdev/keys.testing.ts";
import { createLineReader, MAX_TYPED } from "../readers/evdev/typed-line.ts";
import type { InputEvent } from "../readers/evdev/input-event.ts";
import { findFormat } from "../tap/format-wizard.ts";
import { normalForm } from "../tap/normal-form.ts";
import type { SeenTag } from "../tap/seen-tag.ts";
import { mustBeLine } from "./reader-targets.testing.ts";

const NUMBERS = ["0013961168", "d507d0", "213,02000", "3C00CE754C", "04112233445566", "21302000", "01144738493519206"];
const TYPED = [
  ...NUMBERS.map((number) => typing(`${number}\n`, 4)),
  typing("a person types\n", 120),
  typing("0013961168\n0013961169\n", 30),
];

export function wedgeTargets(): Target[] {
  return [kernelTarget(), evtestTarget(), numberTarget(), placeTarget()];
}

function kernelTarget(): Target {
  const samples = TYPED.map(asBytes);
  return {
    name: "a keyboard's events from the kernel",
    outcomes: ["number", "bad", "nothing"],
    next(random) {
      const bytes = mutateBytes(random, samples);
      const cut = random.below(bytes.length + 1);
      return {
        shown: () => toHex(bytes),
        attempt() {
          const decoder = createInputEventDecoder();
          const events = [...decoder.push(bytes.subarray(0, cut)), ...decoder.push(bytes.subarray(cut))];
          must(decoder.heldBytes < INPUT_EVENT_BYTES, "no more is held than a part of an event");
          const whole = createInputEventDecoder().push(bytes);
          must(JSON.stringify(whole) === JSON.stringify(events), "how the bytes are cut changes nothing");
          return lineOf(events);
        },
      };
    },
  };
}

function evtestTarget(): Target {
  const samples = TYPED.map((events) => EVTEST_HEAD + asEvtest(events)).concat(EVTEST_HEAD + EVTEST_TAKEN);
  return {
    name: "evtest's words",
    outcomes: ["number", "taken", "nothing"],
    next(random) {
      const text = mutateText(random, samples);
      const cut = random.below(text.length + 1);
      return {
        shown: () => JSON.stringify(text),
        attempt() {
          const decoder = createEvtestDecoder();
          const words = [...decoder.push(text.slice(0, cut)), ...decoder.push(text.slice(cut))];
          must(decoder.heldChars <= EVTEST_MAX_LINE, "no more is held than a line");
          if (words.some(({ kind }) => kind === "taken")) return "taken";
          return lineOf(words.flatMap((word) => (word.kind === "key" || word.kind === "dropped" ? [word] : [])));
        },
      };
    },
  };
}

function lineOf(events: readonly InputEvent[]): "number" | "bad" | "nothing" {
  const reader = createLineReader();
  const lines = events.flatMap((event) => {
    const line = reader.take(event);
    must(reader.heldChars <= MAX_TYPED, "no more is held than the longest number");
    return line === null ? [] : [line];
  });
  for (const line of lines) {
    must(line.kind === "bad" || /^[0-9a-f,]{4,25}$/.test(line.digits), "only what a wedge types is told");
  }
  return lines.find(({ kind }) => kind === "number")?.kind ?? lines[0]?.kind ?? "nothing";
}

function numberTarget(): Target {
  return {
    name: "tags' numbers under any settings",
    outcomes: ["number", "none"],
    next(random) {
      const [a, b] = [seen(random), seen(random)];
      const [format, other] = [settings(random), settings(random)];
      const lfBits = random.oneIn(2) ? 24 : 32;
      return {
        shown: () => JSON.stringify([a, b, format, other, lfBits]),
        attempt() {
          const found = findFormat({ tags: [a], format }, { tags: [b], format: other }, lfBits);
          must(found.kind !== "agree" || sameNumber(), "readers that are said to agree give one number");
          const number = normalForm(a, format, lfBits);
          if (number === null) return "none";
          const { length } = number.uid;
          must(length >= MIN_NUMBER_BYTES && length <= MAX_NUMBER_BYTES, "a number has 3 to 10 bytes");
          return "number";

          function sameNumber(): boolean {
            const [one, another] = [normalForm(a, format, lfBits), normalForm(b, other, lfBits)];
            return one !== null && another !== null && toHex(one.uid) === toHex(another.uid);
          }
        },
      };
    },
  };
}

function seen(random: Random): SeenTag {
  const technology = random.pick(["lf", "hf", "unknown"] as const) ?? "unknown";
  const text = mutateText(random, NUMBERS);
  if (random.oneIn(2)) return { form: "digits", digits: text, technology };
  return { form: "bytes", bytes: new TextEncoder().encode(text), technology };
}

function settings(random: Random) {
  const technology = random.pick(Technology.options) ?? "auto";
  return { technology, digits: random.pick(DigitsForm.options) ?? "auto", reversed: random.oneIn(2) };
}

const PLACES = [
  "/dev/input/by-path/pci-0000:00:14.0-usb-0:2.1:1.0-event-kbd?slot=3&name=Left&gap=900&digits=wiegand&reversed=yes",
  "usb-0000:00:14.0-2/input0?digits=hex",
  "/dev/input/event5",
];

function placeTarget(): Target {
  return {
    name: "where a wedge is plugged",
    outcomes: ["read", "refused"],
    next(random) {
      const text = mutateText(random, PLACES);
      return {
        shown: () => JSON.stringify(text),
        attempt() {
          const parsed = parseEvdevSpec(text);
          if (!parsed.ok) return mustBeLine(parsed.why);
          const { id, place, format } = parsed.value;
          must(id === `evdev:${place}` && id.length <= 300, "an id is the place, and fits the mapping");
          const again = parseEvdevSpec(`${place}?digits=${format.digits}&reversed=${format.reversed ? "yes" : "no"}`);
          must(again.ok && again.value.id === id, "its place alone leads to the same wedge");
          return "read";
        },
      };
    },
  };
}
