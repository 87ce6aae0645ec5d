/** A panel's state to start from, and its parts. For tests only. */
import { PLAIN_FORMAT } from "../../shared/domain/mapping.ts";
import type { PanelReader, PanelState } from "../../shared/events/operator.ts";

export const NOW_MS = 1_700_000_000_000;

export function aReader(id: string, change: Partial<PanelReader> = {}): PanelReader {
  return {
    id,
    name: `Reader ${id}`,
    kind: "serial",
    port: "USB 1-1",
    state: "present",
    reason: null,
    target: null,
    format: PLAIN_FORMAT,
    gapMs: 1_500,
    lastTapAtMs: null,
    lastPresentAtMs: NOW_MS,
    taps: 0,
    errors: 0,
    flags: [],
    canSignal: false,
    fixed: false,
    ...change,
  };
}

export function aPanel(change: Partial<PanelState> = {}): PanelState {
  return {
    nowMs: NOW_MS,
    title: "Night",
    poll: null,
    link: { state: "online", safeHere: 0, code: null, reason: null },
    disk: { state: "good", reason: null },
    server: { address: "http://10.0.0.5:7070", fixed: false, searching: false, found: [], probe: "answers" },
    network: { hint: "full" },
    mapping: { revision: 1, conflict: null },
    readers: [],
    devices: [],
    troubles: [],
    listening: null,
    wizard: null,
    test: null,
    readiness: null,
    lfBits: 32,
    collisions: 0,
    ...change,
  };
}

export function aPoll(labels: readonly string[]): NonNullable<PanelState["poll"]> {
  return {
    id: "poll-1",
    question: "Which one?",
    options: labels.map((label) => ({ label })),
    counts: "first",
    upTo: 1,
    state: "open",
    round: 1,
    tagless: false,
  };
}

/** Listening, as the station tells it. */
export function listening(
  change: Partial<NonNullable<PanelState["listening"]>> = {},
): NonNullable<PanelState["listening"]> {
  return { untilMs: NOW_MS + 60_000, target: null, heard: null, ...change };
}
