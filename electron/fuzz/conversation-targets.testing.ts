/** Devices that have to be asked, and what they may answer, fuzzed. For tests only. */
import { fromHex, toHex } from "../../shared/bytes.ts";
import type { Random } from "../../shared/domain/model/random.testing.ts";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateBytes } from "../../shared/fuzz/mutate-bytes.testing.ts";
import { PN532_MAX_HELD_BYTES } from "../readers/pn532/frames.ts";
import { type Act, type Conversation, createConversation, type TimerName } from "../readers/serial/conversation.ts";
import { PN532_MACHINE } from "../readers/pn532/conversation.ts";
import { SM130_MACHINE } from "../readers/sm130/conversation.ts";
import { SM130_MAX_HELD_BYTES } from "../readers/sm130/frames.ts";

const MAX_STEPS = 40;
/** Wake-up and a question are the longest that is ever said at once; two events' worth with room to spare. */
const MAX_WRITTEN_BYTES = 128;

const SM130_SAYS = [
  "ff000881554d20312e336340",
  "ff0002900193",
  "ff0002824cd0",
  "ff00068202d45a8d559a",
  "ff0009820104a1b2c3d4e580df",
  "ff0002824ed2",
  "ff00028255d9",
  "ff0002920195",
  "ff0002920094",
];
const PN532_SAYS = [
  "0000ff02fed5151600",
  "0000ff06fad50332010607e800",
  "0000ff02fed533f800",
  "0000ff0cf4d54b010100040804fb0ee20bd800",
  "0000ff03fdd54b00e000",
  "0000ff00ff00",
  "0000ff01ff7f8100",
];

export function conversationTargets(): Target[] {
  return [
    conversationTarget("sm130", () => createConversation(SM130_MACHINE), SM130_SAYS, SM130_MAX_HELD_BYTES),
    conversationTarget("pn532", () => createConversation(PN532_MACHINE), PN532_SAYS, PN532_MAX_HELD_BYTES),
  ];
}

type Event = { kind: "bytes"; bytes: Uint8Array } | { kind: "due"; timer: TimerName } | { kind: "signal" };

function conversationTarget(name: string, begin: () => Conversation, says: readonly string[], maxHeld: number): Target {
  const samples = says.map((hex) => fromHex(hex) ?? new Uint8Array());
  return {
    name: `talking with a ${name}`,
    outcomes: ["present", "answers", "fails", "nothing"],
    next(random) {
      const events = Array.from({ length: 1 + random.below(MAX_STEPS) }, () => someEvent(random, samples));
      return {
        shown: () => events.map((event) => (event.kind === "bytes" ? toHex(event.bytes) : event.kind)).join(" "),
        attempt: () => follow(begin(), events, maxHeld),
      };
    },
  };
}

function someEvent(random: Random, samples: readonly Uint8Array[]): Event {
  const pick = random.below(10);
  if (pick === 0) return { kind: "signal" };
  if (pick === 1) return { kind: "due", timer: "lamp" };
  if (pick <= 3) return { kind: "due", timer: "answer" };
  // Mostly as it should be, else no conversation would ever get far.
  const whole = samples[random.below(samples.length)] ?? new Uint8Array();
  return { kind: "bytes", bytes: pick <= 8 ? whole : mutateBytes(random, samples) };
}

function follow(conversation: Conversation, events: readonly Event[], maxHeld: number): string {
  const waits = new Set<TimerName>();
  const told = { answers: 0, present: 0, failed: false };
  let lying: string | undefined;

  const judge = (acts: readonly Act[]) => {
    must(acts.length === 0 || !told.failed, "nothing follows when it gave up");
    for (const act of acts) {
      if (act.kind === "wait") waits.add(act.timer);
      if (act.kind === "answers") told.answers += 1;
      if (act.kind === "fails") told.failed = true;
      if (act.kind === "present") {
        must(told.answers === 1, "it is there before its tags are");
        must(lying === undefined || lying === toHex(act.uid), "one tag leaves before the next is told");
        told.present += 1;
        lying = toHex(act.uid);
      }
      if (act.kind === "removed") {
        must(lying === toHex(act.uid), "only a tag that lies there leaves");
        lying = undefined;
      }
    }
    const written = acts.reduce((bytes, act) => bytes + (act.kind === "write" ? act.bytes.length : 0), 0);
    must(written <= MAX_WRITTEN_BYTES * Math.max(1, acts.length), "what is written is bounded");
    must(told.failed || waits.has("answer"), "it never waits for nothing");
    must(told.answers <= 1, "it is told once that it answers");
    must(conversation.heldBytes <= maxHeld, "no more is held than the decoder's limit");
  };

  judge(conversation.begin());
  for (const event of events) {
    if (event.kind === "signal") judge(conversation.signal("good"));
    if (event.kind === "bytes") judge(conversation.push(event.bytes));
    if (event.kind === "due" && waits.delete(event.timer)) judge(conversation.due(event.timer));
  }
  if (told.failed) return "fails";
  if (told.present > 0) return "present";
  return told.answers > 0 ? "answers" : "nothing";
}
