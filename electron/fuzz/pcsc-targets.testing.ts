/** What pcscd and cards answer, fuzzed. For tests only. */
import { bytesOfHex, concatBytes, toHex } from "../../shared/bytes.ts";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateBytes } from "../../shared/fuzz/mutate-bytes.testing.ts";
import { listOf, words } from "../readers/pcsc/answers.testing.ts";
import {
  MAX_ANSWER_BYTES,
  MAX_HELD_BYTES,
  MAX_PCSCD_READERS,
  NAME_BYTES,
  type ReadAnswer,
  readAttribute,
  readConnected,
  readContext,
  readReaders,
  readSignal,
  readTransmitted,
  readVersion,
} from "../readers/pcsc/messages.ts";
import { uidIn } from "../readers/pcsc/uid-answer.ts";

const ATR = bytesOfHex("3B8F8001804F0CA000000306030001000000006A");
const CARD_ANSWERS = ["04a1b2c3d4e5f69000", "010203049000", "9000", "6a81", "0102030405060708090a9000"].map(bytesOfHex);
const transmitted = (body: Uint8Array) => concatBytes(words(7, 2, 8, 5, 2, 8, body.length, 0), body);
const reader = (at: number) => ({ name: `Rig ${at} 00 00`, events: at, state: 2 + (at % 2) * 2, atr: ATR });

const READS: readonly { read: ReadAnswer<unknown>; sample: Uint8Array }[] = [
  { read: readVersion(4), sample: words(4, 4, 0) },
  { read: readContext, sample: words(2, 0x1234, 0) },
  { read: readSignal, sample: words(0, 0) },
  { read: readConnected, sample: concatBytes(words(1), new Uint8Array(NAME_BYTES), words(2, 3, 9, 2, 0)) },
  { read: readAttribute, sample: concatBytes(words(9, 0x20110), new Uint8Array(264), words(4, 0)) },
  ...CARD_ANSWERS.map((body) => ({ read: readTransmitted, sample: transmitted(body) })),
  { read: readReaders, sample: listOf([reader(1), reader(2)]) },
  { read: readReaders, sample: listOf(Array.from({ length: MAX_PCSCD_READERS }, (_, at) => reader(at))) },
];

export function pcscTargets(): Target[] {
  return [answerTarget(), uidTarget()];
}

function answerTarget(): Target {
  return {
    name: "answers of pcscd",
    outcomes: ["whole", "corrupt", "more"],
    next(random) {
      const { read, sample } = random.pick(READS) ?? { read: readSignal, sample: new Uint8Array() };
      const bytes = mutateBytes(random, [sample]);
      return {
        shown: () => toHex(bytes),
        attempt() {
          // As the socket does: no more than was asked for, so what it holds is bounded by what it asks.
          for (let need = 0; ;) {
            const answer = read(bytes.subarray(0, need));
            if (answer.kind !== "more") return judged(read, bytes, need, answer.kind);
            must(answer.need > need && answer.need <= MAX_HELD_BYTES, "more is asked for, and never more than is held");
            if (answer.need > bytes.length) return "more";
            need = answer.need;
          }
        },
      };
    },
  };
}

function judged(read: ReadAnswer<unknown>, bytes: Uint8Array, need: number, kind: string): string {
  const whole = read(bytes);
  must(whole.kind === kind, "what comes behind an answer does not change it");
  if (whole.kind === "whole") must(whole.used <= need, "no more is used than was asked for");
  return kind;
}

function uidTarget(): Target {
  return {
    name: "a card's answer",
    outcomes: ["uid", "none"],
    next(random) {
      const bytes = mutateBytes(random, CARD_ANSWERS).subarray(0, MAX_ANSWER_BYTES);
      return {
        shown: () => toHex(bytes),
        attempt() {
          const uid = uidIn(bytes);
          if (uid === null) return "none";
          must(uid.length >= 4 && uid.length <= 10, "a UID has 4 to 10 bytes");
          must(toHex(bytes) === `${toHex(uid)}9000`, "a UID is all of the answer before its status");
          return "uid";
        },
      };
    },
  };
}
