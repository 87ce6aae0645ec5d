/** A reader as others see it: the voters' screen, the operator's panel, the server. */
import * as v from "valibot";
import type { ScreenReader } from "../../shared/events/stream.ts";
import { type PanelReader, ReaderKind } from "../../shared/events/operator.ts";
import { oneLine } from "../../shared/one-line.ts";
import { say, type Sentence } from "../../shared/sentences/sentence.ts";
import type { KeptReader } from "./kept-mapping.ts";
import type { ReaderFacts } from "./live-reader.ts";
import type { OpenReader } from "./station-readers.ts";

/** As the server may know it. Times are of the station's calendar, since 1970. */
export interface ReaderReport {
  id: string;
  name: string;
  state: "present" | "lost";
  /** What is wrong and what to do, when it is lost. */
  reason: Sentence | null;
  lastTapAtMs: number | null;
  taps: number;
  errors: number;
}

/** What a name on the panel may be long; what is not seen is written out, and makes it longer. */
const MAX_LINE = 300;

/** What a device or a port is called, as a line for people. */
export function lineOf(text: string): string {
  const line = oneLine(text, MAX_LINE - 1);
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 1)}…` : line;
}

interface Live {
  kept: KeptReader;
  live: { facts: Readonly<ReaderFacts> };
}

/** Nothing before its first word: a reader that is being opened is no trouble yet. */
export function screenReader({ kept: { id, name, target }, live }: Live): ScreenReader[] {
  const { state } = live.facts;
  if (state === null) return [];
  const slot = target?.kind === "slot" ? target.slot : null;
  return [{ id, name, state: state.kind, slot, chooses: target?.kind === "choose", reason: reasonOf(live.facts) }];
}

export function readerReport({ kept: { id, name }, live }: Live): ReaderReport {
  const { state, lastTapAtMs, taps, errors } = live.facts;
  return { id, name, state: state?.kind ?? "lost", reason: reasonOf(live.facts), lastTapAtMs, taps, errors };
}

export function panelReader({ kept, spec, facts, canSignal }: OpenReader, nowMs: number): PanelReader {
  const { id, name, target, format, gapMs, origin } = kept;
  const isThere = facts.state?.kind === "present";
  return {
    id,
    name,
    kind: spec?.kind ?? kindOf(id),
    port:
      origin.kind === "found" ? origin.port : spec === null || spec.kind === "virtual" ? null : lineOf(portOf(spec.id)),
    state: isThere ? "present" : "lost",
    reason: facts.state === null ? say("being-opened") : reasonOf(facts),
    target,
    format,
    gapMs,
    lastTapAtMs: facts.lastTapAtMs,
    lastPresentAtMs: isThere ? nowMs : facts.lostAtMs,
    taps: facts.taps,
    errors: facts.errors,
    flags: [...facts.flags],
    canSignal,
    fixed: origin.kind === "asked",
  };
}

function reasonOf({ state }: Readonly<ReaderFacts>): Sentence | null {
  return state?.kind === "lost" ? state.reason : null;
}

/** Of one that this version cannot open, as far as its id says. */
function kindOf(id: string): ReaderKind {
  const kind = v.safeParse(ReaderKind, id.slice(0, Math.max(0, id.indexOf(":"))));
  return kind.success ? kind.output : "serial";
}

/** The part of a reader's id that says where it is plugged. */
function portOf(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}
