/** Made-up polls and moments to look at. */
import type { Outcome, OutcomeKind, ScreenEvent, ScreenPoll, ScreenTally } from "../../shared/events/stream.ts";

type Snapshot = Extract<ScreenEvent, { kind: "snapshot" }>;

const FIVE = [
  "A quiet reading room",
  "Workshops for children",
  "A stage for local music",
  "More of the collection",
  "A café with a view",
];
const WORDS = (
  "Light Water Memory Trade Gardens Ships Maps Music Bread Glass Silk Storms Stars Letters Tools Faces Bridges Games " +
  "Salt Clocks Birds Fire Streets Snow Wood Kites Harbours Coins Masks Lanterns Rivers Islands Markets Feathers Ropes " +
  "Dances Mirrors Songs Forests Wheels Paper Stones Towers Spices Colours Dreams Journeys Windows Voices Photographs"
).split(" ");
const ARABIC = [
  "قاعة هادئة للقراءة",
  "ورش عمل للأطفال",
  "مسرح للموسيقى المحلية",
  "المزيد من المجموعة",
  "مقهى بإطلالة جميلة",
];
const LONG =
  "An open workshop in which everyone repairs, lends and explains things to each other, every second Saturday of the month";

export type Labels = "short" | "long" | "arabic";

export function pollOf(count: number, labels: Labels = "short", state: ScreenPoll["state"] = "open"): ScreenPoll {
  const label = (i: number): string => {
    if (labels === "long") return LONG.slice(0, 120);
    if (labels === "arabic") return ARABIC[i % ARABIC.length] ?? "";
    return (count <= 5 ? FIVE[i] : WORDS[i]) ?? `Answer ${i + 1}`;
  };
  return {
    id: `poll-${count}-${labels}`,
    question: questionOf(labels),
    options: Array.from({ length: count }, (_, i) => ({ label: label(i) })),
    counts: "first",
    upTo: 1,
    state,
    round: 1,
    tagless: false,
  };
}

function questionOf(labels: Labels): string {
  if (labels === "arabic") return "ماذا ينبغي أن تصبح القاعة الشمالية في العام القادم؟";
  if (labels === "short") return "What should the north hall become next year?";
  return `${"Thinking of all that you saw tonight in the halls, the garden and the workshops, ".repeat(4).slice(0, 280)} which one?`;
}

export function tallyOf(poll: ScreenPoll, cursor = 1): ScreenTally {
  const counts = poll.options.map((_, i) => Math.round(412 / (1 + i * 0.34)) + ((i * 37) % 11));
  return { poll: poll.id, cursor, counts, provisional: poll.state !== "certified" };
}

export function sceneOf(poll: ScreenPoll | null, changes: Partial<Snapshot> = {}): Snapshot {
  return {
    kind: "snapshot",
    title: "Night of the Museums",
    demo: false,
    poll,
    tally: poll === null ? null : tallyOf(poll),
    link: { state: "online", safeHere: 0, code: null, reason: null },
    disk: { state: "good", reason: null },
    damage: null,
    branch: null,
    over: false,
    readers: [],
    testing: false,
    setUp: "done",
    touch: null,
    ...changes,
  };
}

let taps = 0;
export function outcomeOf(kind: OutcomeKind, option: number | null, id = `tap-${++taps}`): ScreenEvent {
  const outcome: Outcome = { id, kind, option, reader: option === null ? "Reader at the left door" : null };
  return { kind: "outcome", outcome };
}
