/**
 * The operator's panel: what the station tells it over `GET /operator/events` (server-sent events, each the whole
 * state, at most ten a second), and what it asks by `POST /operator/actions`. Behind the PIN.
 *
 * What is said to people in here is a sentence or a word of a closed list, which the page translates; what has no translation
 * are names: of readers, devices, ports and servers.
 */
import * as v from "valibot";
import { GAP_LIMITS_MS, MAX_READERS, ReaderId, ReaderName, Target, UidFlag, UidFormat } from "../domain/mapping.ts";
import { whole } from "../schemas.ts";
import { Sentence } from "../sentences/sentence.ts";
import { ScreenDisk, ScreenLink, ScreenPoll } from "./stream.ts";

const Line = v.pipe(v.string(), v.maxLength(300));
const Count = whole(0);
/** Milliseconds since 1970 by the station's clock; the page shows how long ago. */
const AtMs = whole(0);

export const ReaderKind = v.picklist(["serial", "pcsc", "evdev", "virtual"]);
export type ReaderKind = v.InferOutput<typeof ReaderKind>;

/** Tries at the PIN that are free; after these each wrong one doubles the wait. */
export const FREE_PIN_TRIES = 5;
/** Digits of a PIN. */
export const PIN_DIGITS = [4, 12] as const;
const Pin = v.pipe(v.string(), v.regex(/^[0-9]{4,12}$/, "must be 4 to 12 digits"));

/** `GET /operator/access`: may this page come in? `choose`: nobody chose a PIN yet. `locked`: wait so long. */
export const PanelAccess = v.variant("state", [
  v.strictObject({ state: v.literal("choose") }),
  v.strictObject({ state: v.literal("ask"), triesLeft: Count }),
  v.strictObject({ state: v.literal("locked"), waitMs: Count }),
  v.strictObject({ state: v.literal("in") }),
]);
export type PanelAccess = v.InferOutput<typeof PanelAccess>;

/** Body of `POST /operator/session`; the answer is a `PanelAccess`, and on `in` a cookie. */
export const PinEntry = v.strictObject({ pin: Pin });

/** A reader under our control. */
export const PanelReader = v.strictObject({
  id: ReaderId,
  name: ReaderName,
  kind: ReaderKind,
  /** Where it is plugged, for people; null where that cannot be told. */
  port: v.nullable(Line),
  state: v.picklist(["present", "lost"]),
  /** What is wrong and what to do, when it is lost. */
  reason: v.nullable(Sentence),
  target: v.nullable(Target),
  format: UidFormat,
  gapMs: whole(...GAP_LIMITS_MS),
  /** When a tag was last seen there; null: not since the start. */
  lastTapAtMs: v.nullable(AtMs),
  /** When the device was last known to be there; null: never since the start. */
  lastPresentAtMs: v.nullable(AtMs),
  taps: Count,
  /** Frames that could not be trusted, and losses. */
  errors: Count,
  /** What the last tag's number gave cause to say. */
  flags: v.array(UidFlag),
  /** It has a lamp, a buzzer or a port that we can work. */
  canSignal: v.boolean(),
  /** It was named on the command line: it can be assigned but not removed here. */
  fixed: v.boolean(),
});
export type PanelReader = v.InferOutput<typeof PanelReader>;

/** A device that is there and may be a reader. Nothing was written to it, and nothing is until the operator says so. */
export const PanelDevice = v.strictObject({
  id: ReaderId,
  name: Line,
  kind: ReaderKind,
  port: v.nullable(Line),
  /** What keeps us from using it, with the exact remedy; null when nothing does. */
  trouble: v.nullable(Sentence),
  /** While listening: what is being tried there, and what came of it. */
  listening: v.nullable(v.picklist(["listening", "asking", "heard", "silent"])),
  /** After a tag was heard there: what the device turned out to be; null before. */
  found: v.nullable(Line),
});
export type PanelDevice = v.InferOutput<typeof PanelDevice>;

/** A whole kind of readers that cannot be had now: no pcscd, no permission, no udev. Null: a file of the station's own, lost at the start. */
const KindTrouble = v.strictObject({ kind: v.nullable(ReaderKind), reason: Sentence });

/**
 * "Tap here to assign": what was tapped last, at a reader in use or at a device found. Choosing a target assigns it.
 * `target` is set when the operator touched the answer first.
 */
const Listening = v.strictObject({
  /** Ends by itself then. */
  untilMs: AtMs,
  target: v.nullable(Target),
  heard: v.nullable(v.strictObject({ id: ReaderId, name: Line, atMs: AtMs, inUse: v.boolean() })),
});

/** The format wizard: the same tag on two readers; the settings that make them agree. */
const Wizard = v.strictObject({
  readers: v.tuple([ReaderId, ReaderId]),
  /** Which of the two has seen the tag. */
  seen: v.tuple([v.boolean(), v.boolean()]),
  result: v.nullable(
    v.variant("kind", [
      v.strictObject({ kind: v.literal("agree") }),
      /** These settings make them agree; `apply-format` takes them. */
      v.strictObject({ kind: v.literal("change"), reader: ReaderId, format: UidFormat }),
      /** Several would: another tag tells them apart. */
      v.strictObject({ kind: v.literal("ambiguous") }),
      v.strictObject({ kind: v.literal("disagree") }),
    ]),
  ),
});

const CheckWord = v.picklist(["good", "warn", "bad", "open"]);
/** What readiness looks at, in the order it is shown. */
export const READINESS_CHECKS = [
  "readers",
  "assigned",
  "disk",
  "clock",
  "link",
  "server",
  "event",
  "zero",
  "testing",
] as const;
const ReadinessCheck = v.picklist(READINESS_CHECKS);

/** Made anew with `start-readiness`; each reader has to see one tap. Those taps are never votes. */
export const Readiness = v.strictObject({
  startedAtMs: AtMs,
  finishedAtMs: v.nullable(AtMs),
  /** Taps seen in this report, by reader. */
  readers: v.array(v.strictObject({ id: ReaderId, taps: Count })),
  checks: v.array(v.strictObject({ check: ReadinessCheck, word: CheckWord, detail: v.nullable(Sentence) })),
  versions: v.strictObject({ software: Line, station: Line, event: v.nullable(Line) }),
});
export type Readiness = v.InferOutput<typeof Readiness>;

export const PanelState = v.strictObject({
  nowMs: AtMs,
  title: v.pipe(v.string(), v.maxLength(120)),
  poll: v.nullable(ScreenPoll),
  link: ScreenLink,
  disk: ScreenDisk,
  server: v.strictObject({
    /** The address in use; null: nobody said where the server is. */
    address: v.nullable(Line),
    /** The command line named it: it cannot be changed here. */
    fixed: v.boolean(),
    searching: v.boolean(),
    /** Servers that said so on the network (mDNS). */
    found: v.pipe(v.array(v.strictObject({ address: Line, name: Line })), v.maxLength(20)),
    /** The probe is the truth: does the address answer as our server does? */
    probe: v.picklist(["unknown", "answers", "silent", "other"]),
  }),
  /** NetworkManager's word, a hint only; `unknown` where it is not running. */
  network: v.strictObject({ hint: v.picklist(["unknown", "none", "portal", "limited", "full"]) }),
  mapping: v.strictObject({
    revision: Count,
    /** An organiser's change that was made on an older revision: shown until somebody dismisses it. */
    conflict: v.nullable(v.strictObject({ revision: Count, atMs: AtMs })),
  }),
  readers: v.pipe(v.array(PanelReader), v.maxLength(MAX_READERS)),
  devices: v.pipe(v.array(PanelDevice), v.maxLength(MAX_READERS)),
  troubles: v.array(KindTrouble),
  listening: v.nullable(Listening),
  wizard: v.nullable(Wizard),
  /** Votes of the test, by option of the poll on the screen; null: votes are real. */
  test: v.nullable(v.strictObject({ taps: Count, counts: v.array(Count) })),
  readiness: v.nullable(Readiness),
  /** Bits of a 125 kHz number that this event compares. */
  lfBits: v.picklist([24, 32]),
  /** Two different tags whose numbers are one when cut to `lfBits`: how often that was seen since the start. */
  collisions: Count,
});
export type PanelState = v.InferOutput<typeof PanelState>;

/** Body of `POST /operator/actions`. Answered by 204, or 409 with a `PanelRefusal`. */
export const PanelAction = v.variant("kind", [
  /** Look for a tap on every reader and device; `ask`: also ask serial devices what they are, which writes to them. */
  v.strictObject({ kind: v.literal("listen"), ask: v.boolean(), target: v.nullable(Target) }),
  v.strictObject({ kind: v.literal("stop-listening") }),
  /** Take a device found into use, when it was not yet, and let it stand for this. */
  v.strictObject({ kind: v.literal("assign"), id: ReaderId, target: v.nullable(Target) }),
  v.strictObject({ kind: v.literal("swap"), a: ReaderId, b: ReaderId }),
  v.strictObject({ kind: v.literal("rename"), id: ReaderId, name: ReaderName }),
  v.strictObject({ kind: v.literal("set-format"), id: ReaderId, format: UidFormat }),
  v.strictObject({ kind: v.literal("set-gap"), id: ReaderId, gapMs: whole(...GAP_LIMITS_MS) }),
  /** No longer under our control. */
  v.strictObject({ kind: v.literal("remove"), id: ReaderId }),
  v.strictObject({ kind: v.literal("test-signal"), id: ReaderId, signal: v.picklist(["good", "bad"]) }),
  v.strictObject({ kind: v.literal("start-wizard"), a: ReaderId, b: ReaderId }),
  v.strictObject({ kind: v.literal("apply-format") }),
  v.strictObject({ kind: v.literal("stop-wizard") }),
  v.strictObject({ kind: v.literal("test-mode"), on: v.boolean() }),
  v.strictObject({ kind: v.literal("start-readiness") }),
  v.strictObject({ kind: v.literal("finish-readiness") }),
  v.strictObject({ kind: v.literal("search-server") }),
  /** `http://…`, `https://…`, or only a host; refused with the reason when it is neither. */
  v.strictObject({
    kind: v.literal("set-server"),
    address: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(300)),
  }),
  v.strictObject({ kind: v.literal("change-pin"), pin: Pin }),
  v.strictObject({ kind: v.literal("dismiss-conflict") }),
  /** Ends this visit: the PIN is asked again. */
  v.strictObject({ kind: v.literal("leave") }),
]);
export type PanelAction = v.InferOutput<typeof PanelAction>;

/** Why an action was refused: the sentence, and the same in English for whoever asks without a page. */
export const PanelRefusal = v.strictObject({ ...Sentence.entries, error: Line });
export type PanelRefusal = v.InferOutput<typeof PanelRefusal>;
