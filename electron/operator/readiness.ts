/** Is the station ready for voters? What is looked at, and what each finding is called. Pure. */
import { READINESS_CHECKS, type PanelState, type Readiness } from "../../shared/events/operator.ts";
import type { ScreenDisk, ScreenLink, ScreenPoll, ScreenTally } from "../../shared/events/stream.ts";
import { LOW_BYTES } from "../../shared/health/machine.ts";
import { say, type Sentence } from "../../shared/sentences/sentence.ts";

/** The station at this moment, as far as it matters. */
export interface ReadinessFacts {
  readers: PanelState["readers"];
  /** Taps in this report, by reader. */
  taps: ReadonlyMap<string, number>;
  poll: ScreenPoll | null;
  /** Null: none, or the station may not show it. */
  tally: ScreenTally | null;
  disk: ScreenDisk;
  /** Free to this user where the data lies; null while nobody knows. */
  freeBytes: number | null;
  /** How well the server's clock is known, and from when; null: it was not measured since the start. */
  clock: { uncertaintyMs: number; measuredMs: number } | null;
  nowMs: number;
  link: ScreenLink;
  probe: PanelState["server"]["probe"];
  address: string;
  /** Has an organiser admitted this station? `over`: to an event whose key is destroyed. */
  event: "none" | "admitted" | "over";
  testing: boolean;
}

type Finding = Pick<Readiness["checks"][number], "word" | "detail">;

/** Far more than a link needs to be told the time by; above it two taps a blink apart may be taken in the wrong order. */
const ROUGH_CLOCK_MS = 500;
/** Readers named in one line, and what their names may be long together; the list beside it has them all. */
const MAX_NAMED = 5;
const MAX_NAMES_LENGTH = 180;

export function judgeReadiness(facts: ReadinessFacts): Readiness["checks"] {
  const judge = (check: Readiness["checks"][number]["check"]): Finding => {
    switch (check) {
      case "readers":
        return readersFinding(facts);
      case "assigned":
        return assignedFinding(facts);
      case "disk":
        return diskFinding(facts);
      case "clock":
        return clockFinding(facts);
      case "link":
        return linkFinding(facts.link);
      case "server":
        return serverFinding(facts);
      case "event":
        return eventFinding(facts);
      case "zero":
        return zeroFinding(facts);
      case "testing":
        return facts.testing ? bad(say("testing-on")) : good(say("testing-off"));
    }
  };
  return READINESS_CHECKS.map((check) => ({ check, ...judge(check) }));
}

const good = (detail: Sentence): Finding => ({ word: "good", detail });
const warn = (detail: Sentence): Finding => ({ word: "warn", detail });
const bad = (detail: Sentence): Finding => ({ word: "bad", detail });
const open = (detail: Sentence): Finding => ({ word: "open", detail });

function readersFinding({ readers, taps, poll }: ReadinessFacts): Finding {
  if (readers.length === 0) return poll?.tagless === true ? good(say("no-reader-needed")) : bad(say("no-reader"));
  const lost = readers.filter(({ state }) => state === "lost");
  if (lost.length > 0) return bad(say("readers-gone", { readers: named(lost) }));
  const untapped = readers.filter(({ id }) => (taps.get(id) ?? 0) === 0);
  if (untapped.length > 0) return open(say("readers-untapped", { readers: named(untapped) }));
  return good(say("readers-tapped", { n: readers.length }));
}

function assignedFinding({ readers, poll }: ReadinessFacts): Finding {
  const idle = readers.filter(({ target }) => target === null);
  if (idle.length > 0) return warn(say("readers-idle", { readers: named(idle) }));
  if (poll === null) return open(say("answers-unknown"));
  const reached = new Set<number>();
  for (const { target } of readers) {
    if (target?.kind === "slot") reached.add(target.slot);
    if (target?.kind === "option" && target.poll === poll.id) reached.add(target.option);
  }
  const chosen = poll.tagless || readers.some(({ target }) => target?.kind === "choose");
  const missing = poll.options.flatMap((_, at) => (reached.has(at + 1) ? [] : [at + 1]));
  if (chosen || missing.length === 0) return good(say("answers-reached"));
  return bad(say("answers-missing", { answers: listed(missing.map(String)) }));
}

function diskFinding({ disk, freeBytes }: ReadinessFacts): Finding {
  if (disk.state === "failing") return bad(disk.reason ?? say("disk-takes-no-votes"));
  if (freeBytes === null) return open(say("disk-looked-at"));
  const megabytes = Math.round(freeBytes / 1_000_000);
  return freeBytes < LOW_BYTES ? warn(say("disk-low", { megabytes })) : good(say("disk-good", { megabytes }));
}

function clockFinding({ clock, nowMs }: ReadinessFacts): Finding {
  if (clock === null) return open(say("clock-unmeasured"));
  const { uncertaintyMs: uncertainty, measuredMs } = clock;
  const ago = Math.max(0, Math.round((nowMs - measuredMs) / 1000));
  return uncertainty > ROUGH_CLOCK_MS
    ? warn(say("clock-rough", { uncertainty, ago }))
    : good(say("clock-known", { uncertainty, ago }));
}

function linkFinding({ state, safeHere, reason, code }: ScreenLink): Finding {
  switch (state) {
    case "online":
      return good(say("kiosk-online"));
    case "connecting":
      return open(say("server-called"));
    case "enrolling":
      return open(code === null ? say("admission-waits") : say("admission-code", { code }));
    case "offline":
      return warn(say("server-away", { n: safeHere }));
    case "refused":
      return bad(reason ?? say("kiosk-refused"));
    case "revoked":
      return bad(say("kiosk-revoked"));
  }
}

function serverFinding({ probe, address }: ReadinessFacts): Finding {
  switch (probe) {
    case "answers":
      return good(say("server-answers", { address }));
    case "silent":
      return warn(say("server-silent", { address }));
    case "other":
      return bad(say("server-other", { address }));
    case "unknown":
      return open(say("server-asked", { address }));
  }
}

function eventFinding({ event }: ReadinessFacts): Finding {
  switch (event) {
    case "admitted":
      return good(say("event-admitted"));
    case "over":
      return bad(say("event-over"));
    case "none":
      return bad(say("event-none"));
  }
}

function zeroFinding({ poll, tally, link }: ReadinessFacts): Finding {
  if (link.safeHere > 0) return warn(say("votes-waiting", { n: link.safeHere }));
  if (poll === null) return open(say("no-question"));
  if (tally === null || tally.poll !== poll.id) return warn(say("totals-hidden"));
  const votes = tally.counts.reduce((sum, count) => sum + count, 0);
  return votes === 0 ? good(say("totals-zero", { n: tally.counts.length })) : warn(say("totals-begun", { n: votes }));
}

function named(readers: PanelState["readers"]): string {
  return listed(readers.map(({ name }) => name));
}

function listed(words: readonly string[]): string {
  let told = words.slice(0, MAX_NAMED);
  while (told.length > 1 && told.join(", ").length > MAX_NAMES_LENGTH) told = told.slice(0, -1);
  const more = words.length - told.length;
  return more > 0 ? `${told.join(", ")}, … (+${more})` : told.join(", ");
}
