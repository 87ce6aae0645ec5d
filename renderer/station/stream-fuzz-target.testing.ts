/** What a page is sent as news of its station, fuzzed. For tests only. */
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateText } from "../../shared/fuzz/mutate-text.testing.ts";
import { mutateTree, type Tree } from "../../shared/fuzz/mutate-tree.testing.ts";
import { KIOSK_AT_START, step } from "./step.ts";
import type { LineSource } from "../ui/line.ts";
import { openLine } from "./stream.ts";

const POLL: Tree = {
  id: "1",
  question: "Tea?",
  options: [{ label: "Yes" }, { label: "No" }],
  counts: "first",
  upTo: 1,
  state: "open",
  round: 1,
  tagless: true,
};
const TALLY: Tree = { poll: "1", cursor: 7, counts: [1, 2], provisional: true };
const LINK: Tree = { state: "online", safeHere: 0, code: null, reason: null };
const READERS: Tree = [{ id: "r", name: "Reader", state: "present", slot: 1, chooses: false, reason: null }];
const OUTCOME: Tree = { id: "1", kind: "counted", option: 1, reader: null };
const TOUCH: Tree = { kind: "touched", id: "3", option: 1, forMs: 10_000 };
const DISK: Tree = { state: "good", reason: null };

const NEWS: readonly Tree[] = [
  {
    kind: "snapshot",
    title: "Fair",
    demo: false,
    poll: POLL,
    tally: TALLY,
    link: LINK,
    disk: DISK,
    damage: null,
    branch: null,
    over: false,
    readers: READERS,
    testing: false,
    setUp: "done",
    touch: TOUCH,
  },
  { kind: "title", title: "Fair" },
  { kind: "poll", poll: POLL, tally: TALLY },
  { kind: "poll", poll: null, tally: null },
  { kind: "tally", tally: TALLY },
  { kind: "link", link: LINK },
  { kind: "disk", disk: DISK },
  { kind: "branch", branch: "aside" },
  { kind: "over", over: true },
  { kind: "readers", readers: READERS },
  { kind: "testing", testing: true },
  { kind: "set-up", setUp: "first-run" },
  { kind: "touch", touch: TOUCH },
  { kind: "outcome", outcome: OUTCOME },
];
/** News of one page before it is loaded anew. */
const NEWS_PER_PAGE = 500;

/** The page draws what it understands, and asks anew after what it does not: it never breaks. */
export function newsTarget(): Target {
  let state = KIOSK_AT_START;
  let heard = 0;
  return {
    name: "news of the station",
    outcomes: ["drawn", "garbage"],
    next(random) {
      if (++heard % NEWS_PER_PAGE === 0) state = KIOSK_AT_START;
      const news = random.pick(NEWS) ?? null;
      const data = random.oneIn(4)
        ? mutateText(random, [JSON.stringify(news)])
        : JSON.stringify(random.oneIn(8) ? news : mutateTree(random, news, NEWS));
      return {
        shown: () => data,
        attempt() {
          let word = "nothing";
          const { source, tell } = createSource();
          const close = openLine("/events", {
            onLine: () => {},
            onGarbage: () => (word = "garbage"),
            onNews(told) {
              word = "drawn";
              [state] = step(state, { kind: "news", news: told, nowMs: heard });
            },
            openSource: () => source,
          });
          tell(data);
          close();
          must(word !== "nothing", "it is drawn or called garbage");
          return word;
        },
      };
    },
  };
}

function createSource(): { source: LineSource; tell(data: string): void } {
  let listener: ((message: MessageEvent<unknown>) => void) | undefined;
  return {
    source: {
      readyState: 1,
      addEventListener(kind, heard) {
        if (kind === "snapshot") listener = heard;
      },
      close: () => {},
    },
    tell: (data) => listener?.(new MessageEvent("snapshot", { data })),
  };
}
