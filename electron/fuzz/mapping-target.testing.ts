/** The kept mapping of readers, fuzzed: whoever edits readers.json by hand. For tests only. */
import { PLAIN_FORMAT } from "../../shared/domain/mapping.ts";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateText } from "../../shared/fuzz/mutate-text.testing.ts";
import { beginMapping, type KeptReader } from "../readers/kept-mapping.ts";
import { formatMapping, parseMapping } from "../readers/mapping-store.ts";
import { specOf } from "../readers/open-mapping.ts";

const READER: KeptReader = {
  id: "serial:/dev/a",
  name: "Door",
  target: { kind: "slot", slot: 3 },
  format: PLAIN_FORMAT,
  gapMs: 400,
  origin: { kind: "found", spec: "serial:/dev/a?protocol=rdm6300", port: "USB 1" },
};
const ASKED: KeptReader = {
  ...READER,
  id: "serial:/dev/b",
  target: { kind: "choose" },
  origin: { kind: "asked", asked: { name: "Door", slot: null, format: PLAIN_FORMAT, gapMs: 400 } },
};

export function mappingTarget(): Target {
  const samples = [[], [READER], [READER, ASKED]].map((readers) => formatMapping({ version: 1, revision: 4, readers }));
  return {
    name: "the kept mapping of readers",
    outcomes: ["read", "refused"],
    next(random) {
      const text = mutateText(random, samples);
      return {
        shown: () => JSON.stringify(text),
        attempt() {
          const mapping = parseMapping(text);
          if (mapping === null) return "refused";
          const again = parseMapping(formatMapping(mapping));
          must(JSON.stringify(again) === JSON.stringify(mapping), "what is written is read again");
          for (const reader of beginMapping(mapping, []).readers) specOf([])(reader);
          return "read";
        },
      };
    },
  };
}
