/** Is the station ready for voters? What is looked at, and what each finding is called. Pure. */
import { READINESS_CHECKS, type PanelState, type Readiness } from "../../shared/events/operator.ts";
import type { ScreenDisk, ScreenLink, ScreenPoll, ScreenTally } from "../../shared/events/stream.ts";
import { LOW_BYTES } from "../../shared/health/machine.ts";

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
/** Readers named in one line; the list beside it has them all. */
const MAX_NAMED = 5;

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
        return facts.testing ? bad("Test mode is on: no tap is a vote. Switch it off.") : good("Taps are votes.");
    }
  };
  return READINESS_CHECKS.map((check) => ({ check, ...judge(check) }));
}

const good = (detail: string): Finding => ({ word: "good", detail });
const warn = (detail: string): Finding => ({ word: "warn", detail });
const bad = (detail: string): Finding => ({ word: "bad", detail });
const open = (detail: string): Finding => ({ word: "open", detail });

function readersFinding({ readers, taps, poll }: ReadinessFacts): Finding {
  if (readers.length === 0) {
    return poll?.tagless === true
      ? good("No reader is needed: votes are touched.")
      : bad("There is no reader. Plug one in.");
  }
  const lost = readers.filter(({ state }) => state === "lost");
  if (lost.length > 0) return bad(`Gone: ${named(lost)}. Plug it in again.`);
  const untapped = readers.filter(({ id }) => (taps.get(id) ?? 0) === 0);
  if (untapped.length > 0) return open(`Tap once on: ${named(untapped)}.`);
  return good(`Each of ${readers.length} has seen a tap.`);
}

function assignedFinding({ readers, poll }: ReadinessFacts): Finding {
  const idle = readers.filter(({ target }) => target === null);
  if (idle.length > 0) return warn(`Nobody said what these stand for: ${named(idle)}.`);
  if (poll === null) return open("There is no question yet to compare the readers with.");
  const reached = new Set<number>();
  for (const { target } of readers) {
    if (target?.kind === "slot") reached.add(target.slot);
    if (target?.kind === "option" && target.poll === poll.id) reached.add(target.option);
  }
  const chosen = poll.tagless || readers.some(({ target }) => target?.kind === "choose");
  const missing = poll.options.flatMap((_, at) => (reached.has(at + 1) ? [] : [at + 1]));
  if (chosen || missing.length === 0) return good("Every answer can be given.");
  return bad(`No reader stands for answer ${listed(missing.map(String))}.`);
}

function diskFinding({ disk, freeBytes }: ReadinessFacts): Finding {
  if (disk.state === "failing") return bad(disk.reason ?? "The disk takes no votes.");
  if (freeBytes === null) return open("The disk is being looked at.");
  const free = `${Math.round(freeBytes / 1_000_000)} MB are free`;
  return freeBytes < LOW_BYTES ? warn(`Only ${free}. Free some.`) : good(`It takes votes; ${free}.`);
}

function clockFinding({ clock, nowMs }: ReadinessFacts): Finding {
  if (clock === null)
    return open("The server's clock was not measured since the start; it is once the server is reached.");
  const agoS = Math.max(0, Math.round((nowMs - clock.measuredMs) / 1000));
  const told = `Known to ${clock.uncertaintyMs} ms, measured ${agoS} s ago.`;
  return clock.uncertaintyMs > ROUGH_CLOCK_MS ? warn(`${told} The network is slow.`) : good(told);
}

function linkFinding({ state, safeHere, reason, code }: ScreenLink): Finding {
  switch (state) {
    case "online":
      return good("The kiosk is on the link.");
    case "connecting":
      return open("The server is being called.");
    case "enrolling":
      return open(`The organiser has to admit this kiosk: ${code ?? "the code is on the screen"}.`);
    case "offline":
      return warn(`The server is away. Votes are kept here (${safeHere} now) and sent when it is back.`);
    case "refused":
      return bad(reason ?? "The server refuses this kiosk.");
    case "revoked":
      return bad("The organiser took this kiosk out of the event. Ask the organiser.");
  }
}

function serverFinding({ probe, address }: ReadinessFacts): Finding {
  switch (probe) {
    case "answers":
      return good(`${address} answers.`);
    case "silent":
      return warn(`${address} does not answer. See to the network and the server.`);
    case "other":
      return bad(`At ${address} something else answers. Check the address.`);
    case "unknown":
      return open(`${address} is being asked.`);
  }
}

function eventFinding({ event }: ReadinessFacts): Finding {
  switch (event) {
    case "admitted":
      return good("The organiser admitted this kiosk.");
    case "over":
      return bad("The event is over, its key destroyed: nobody can vote here.");
    case "none":
      return bad("No organiser admitted this kiosk yet. Nobody can vote here before.");
  }
}

function zeroFinding({ poll, tally, link }: ReadinessFacts): Finding {
  if (link.safeHere > 0) return warn(`${link.safeHere} votes wait here to be sent.`);
  if (poll === null) return open("There is no question yet.");
  if (tally === null || tally.poll !== poll.id)
    return warn("This poll's totals are not shown here. Ask the organiser.");
  const votes = tally.counts.reduce((sum, count) => sum + count, 0);
  return votes === 0 ? good(`All ${tally.counts.length} totals are zero.`) : warn(`There are ${votes} votes already.`);
}

function named(readers: PanelState["readers"]): string {
  return listed(readers.map(({ name }) => name));
}

function listed(words: readonly string[]): string {
  const more = words.length - MAX_NAMED;
  return more > 0 ? `${words.slice(0, MAX_NAMED).join(", ")} and ${more} more` : words.join(", ");
}
