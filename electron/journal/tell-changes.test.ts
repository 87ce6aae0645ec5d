import { beforeEach, expect, test } from "vitest";
import type { ScreenLink } from "../../shared/events/stream.ts";
import { createJournal, type JournalLine } from "../../shared/journal/journal.ts";
import { STATION_EVENTS } from "../../shared/journal/station-events.ts";
import { say, type Sentence } from "../../shared/sentences/sentence.ts";
import { MovedFile } from "../log/file-guard.ts";
import { DamagedFile } from "../log/log-database.ts";
import { diskTrouble } from "../log/disk-trouble.ts";
import { createStationCounts, type StationCounts } from "../metrics/station-counts.ts";
import { diskFaultOf } from "./fault-words.ts";
import { tellChanges, type ChangeTellings } from "./tell-changes.ts";

let lines: JournalLine[];
let counts: StationCounts;
let changes: ChangeTellings;
let nowMs: number;
beforeEach(() => {
  lines = [];
  nowMs = 0;
  counts = createStationCounts();
  const journal = createJournal({
    catalogue: STATION_EVENTS,
    level: "debug",
    monotonicMs: () => nowMs,
    setTimer: () => () => {},
    write: (_, line) => void lines.push(line),
    tell: () => {},
  });
  changes = tellChanges(journal, counts, () => nowMs);
});
const events = () => lines.map(({ event }) => event);
const link = (state: ScreenLink["state"], more: Partial<ScreenLink> = {}) =>
  changes.tell({ kind: "link", link: { state, safeHere: 0, code: null, reason: null, ...more } });

test("the link's ups and downs are noted with why, and not the votes that come and go", () => {
  link("enrolling", { code: "BCDF-2345" });
  link("online");
  for (let safeHere = 0; safeHere < 5; safeHere++) link("online", { safeHere });
  changes.onClosed("silence");
  link("offline", { safeHere: 3 });
  changes.onClosed(undefined);
  link("refused", { reason: say("link-wrong-server") });
  link("revoked");
  expect(lines).toEqual([
    { event: "enrolment.waiting" },
    { event: "link.online", waiting: 0 },
    { event: "link.offline", why: "silence", waiting: 3 },
    { event: "link.refused", why: "wrongServer" },
    { event: "link.revoked" },
  ]);
  expect([counts.linkUps, counts.linkDowns]).toEqual([1, 2]);
});

test("a disk that fails is noted with its fault, and how long it lasted", () => {
  const disk = (reason: Sentence | null) =>
    changes.tell({ kind: "disk", disk: { state: reason === null ? "good" : "failing", reason } });
  disk(say("disk-full", { path: "/srv/x" }));
  nowMs = 4_000;
  disk(null);
  expect(lines).toEqual([
    { event: "disk.failing", fault: "disk-full" },
    { event: "disk.good", afterMs: 4_000 },
  ]);
});

test("the words for people and the word of the journal say the same", () => {
  const sqlite = (errcode: number) => Object.assign(new Error("x"), { errcode });
  const path = "/srv/log.sqlite";
  const of = (error: unknown) => diskFaultOf(diskTrouble(error, path));
  expect([of(sqlite(13)), of(sqlite(8)), of(sqlite(10)), of(sqlite(11))]).toEqual([
    "disk-full",
    "read-only",
    "io-error",
    "corrupt",
  ]);
  expect([of(new DamagedFile("x")), of(new MovedFile("x", "removed")), of(new Error("x"))]).toEqual([
    "corrupt",
    "replaced",
    "other",
  ]);
});

test("a disk that is silent and a log's thread that ended have a word of the journal, too", () => {
  const of = (sentence: Sentence | null) => diskFaultOf(sentence);
  expect([of(say("disk-no-answer")), of(say("log-thread-ended")), of(null)]).toEqual([
    "no-answer",
    "thread-ended",
    "other",
  ]);
});

test("taps are counted by outcome, and leave no line", () => {
  for (const kind of ["stored", "stored", "counted"] as const)
    changes.tell({ kind: "outcome", outcome: { id: "1", kind, option: 1, reader: null } });
  expect([counts.outcomes.stored, counts.outcomes.counted, counts.outcomes.closed]).toEqual([2, 1, 0]);
  expect(lines).toEqual([]);
});

test("copies, damaged files and the end of the event are noted", () => {
  changes.tell({ kind: "branch", branch: "aside" });
  changes.tell({ kind: "branch", branch: null });
  changes.tell({ kind: "damage", damage: { file: "log.damaged-1.sqlite", files: 1 } });
  for (let i = 0; i < 2; i++) changes.tell({ kind: "over", over: true });
  expect(events()).toEqual(["branch.changed", "branch.changed", "log.set-aside", "event.over"]);
});
