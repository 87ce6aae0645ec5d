/*
 * The life of one PC/SC reader, as a machine: what to do next, never how.
 *
 * pcscd says that a card is there, which is not yet a number: the card is opened and asked, a few times if need be. One
 * presentation is one sighting: a card that wavers at the edge of the field, or that lies there while pcscd is started again,
 * has not left until it was away for the gap.
 */
import { sameBytes } from "../../../shared/bytes.ts";
import { sameSentence, type Sentence } from "../../../shared/sentences/sentence.ts";
import type { ReaderState } from "../driver.ts";

/** A card moving into the field answers at the second or third try, and the voter's hand is still there. */
export const QUICK_TRIES = 3;
const QUICK_RETRY_MS = 60;
/** Then as often as a hand that turns the card needs, and not for ever: a chip card left in a slot never has a UID. */
const SLOW_RETRY_MS = 500;
export const MAX_TRIES = 12;
/** The reader is another program's, or not permitted: that lasts. */
const TROUBLE_RETRY_MS = 1_000;

/** What the service shows of the reader. */
export interface Look {
  /** Another one for another device, or after the service was started again. */
  readonly incarnation: number;
  /** Comings and goings of cards, 16 bits. */
  readonly events: number;
  readonly present: boolean;
}

/** What came of asking the card. */
export type CardResult = { kind: "uid"; uid: Uint8Array } | { kind: "bad" } | { kind: "trouble"; reason: Sentence };

export type LifeEvent =
  | { kind: "seen"; look: Look }
  | { kind: "away"; reason: Sentence }
  | { kind: "asked"; attempt: number; result: CardResult }
  | { kind: "retryDue"; attempt: number }
  | { kind: "gapOver"; attempt: number }
  | { kind: "stop" };

export type LifeEffect =
  /** Open the card and ask for its UID. */
  | { kind: "ask"; attempt: number }
  | { kind: "close" }
  | { kind: "retryAfter"; attempt: number; ms: number }
  | { kind: "gapAfter"; attempt: number }
  | { kind: "sight"; sighting: "present" | "removed"; uid: Uint8Array }
  | { kind: "badFrame" }
  | { kind: "tell"; state: ReaderState };

type CardPart =
  | { kind: "none" }
  /** `told`: the voter already knows that it could not be read. */
  | { kind: "asking" | "waiting" | "given-up"; tries: number; told: boolean }
  | { kind: "read" };

export interface Life {
  readonly stopped: boolean;
  /** Null while the service or the reader is away. */
  readonly look: Look | null;
  readonly card: CardPart;
  /** What lies there, or was away for less than the gap. */
  readonly lying: Uint8Array | null;
  /** Counts asking and waiting, so that what comes late is told apart. */
  readonly attempt: number;
  /** What was told last: null for "present", undefined for nothing yet. */
  readonly told: Sentence | null | undefined;
}

type Step = [Life, ...LifeEffect[]];

export const FIRST_LIFE: Life = {
  stopped: false,
  look: null,
  card: { kind: "none" },
  lying: null,
  attempt: 0,
  told: undefined,
};

export function stepLife(now: Life, event: LifeEvent): Step {
  if (now.stopped) return [now];
  switch (event.kind) {
    case "stop":
      return [{ ...now, stopped: true }, { kind: "close" }];
    case "away":
      return away(now, event.reason);
    case "seen":
      return seen(now, event.look);
    case "asked":
      return event.attempt === now.attempt && now.card.kind === "asking" ? asked(now, now.card, event.result) : [now];
    case "retryDue":
      return event.attempt === now.attempt && now.card.kind === "waiting" ? ask(now, now.card) : [now];
    case "gapOver":
      return event.attempt === now.attempt && now.card.kind === "none" ? forget(now) : [now];
  }
}

function away(now: Life, reason: Sentence): Step {
  const gone: Life = { ...now, look: null, card: { kind: "none" }, attempt: now.attempt + 1 };
  return join([gone, { kind: "close" }], (life) => tell(life, reason));
}

function seen(now: Life, look: Look): Step {
  const before = now.look;
  const back = before === null || before.incarnation !== look.incarnation;
  const moved = back ? 0 : (look.events - before.events) & 0xffff;
  const there: Life = { ...now, look };
  const [told, ...tellings] = before === null ? tell(there, null) : [there];
  if (!look.present) return join([told, ...tellings], (life) => leave(life, moved, back));
  if (!back && moved === 0 && now.card.kind !== "none") return [told, ...tellings];
  // Come, or gone and come again between two looks: what was opened is no longer good.
  const close: LifeEffect[] = now.card.kind === "none" ? [] : [{ kind: "close" }];
  return join([told, ...tellings, ...close], (life) => ask(life, { tries: 0, told: false }));
}

/** No card there. @param moved comings and goings since the last look; @param back it was away, or is another one */
function leave(now: Life, moved: number, back: boolean): Step {
  const { card, lying } = now;
  if (card.kind === "none") {
    // Held to it and taken away again before anybody looked; unless it is the one that was just read, leaving.
    if (moved >= 2 && lying === null) return [now, { kind: "badFrame" }];
    // Taken away while nobody could look. Otherwise its gap is running already.
    if (!back || lying === null) return [now];
  }
  const empty: Life = { ...now, card: { kind: "none" }, attempt: now.attempt + 1 };
  const close: LifeEffect[] = card.kind === "none" ? [] : [{ kind: "close" }];
  const gap: LifeEffect[] = lying === null ? [] : [{ kind: "gapAfter", attempt: empty.attempt }];
  const unread = card.kind !== "none" && card.kind !== "read" && !card.told;
  const bad: LifeEffect[] = unread ? [{ kind: "badFrame" }] : [];
  return join([empty, ...close, ...gap, ...bad], (life) => tell(life, null));
}

function ask(now: Life, { tries, told }: { tries: number; told: boolean }): Step {
  const attempt = now.attempt + 1;
  return [
    { ...now, attempt, card: { kind: "asking", tries, told } },
    { kind: "ask", attempt },
  ];
}

function asked(now: Life, card: CardPart & { kind: "asking" | "waiting" | "given-up" }, result: CardResult): Step {
  if (result.kind === "uid") return read(now, result.uid);
  const attempt = now.attempt + 1;
  if (result.kind === "trouble") {
    const waiting: Life = { ...now, attempt, card: { ...card, kind: "waiting" } };
    return join([waiting, { kind: "close" }, { kind: "retryAfter", attempt, ms: TROUBLE_RETRY_MS }], (life) =>
      tell(life, result.reason),
    );
  }
  const tries = card.tries + 1;
  const bad: LifeEffect[] = tries >= QUICK_TRIES && !card.told ? [{ kind: "badFrame" }] : [];
  const next = { tries, told: card.told || tries >= QUICK_TRIES };
  if (tries >= MAX_TRIES) return [{ ...now, attempt, card: { kind: "given-up", ...next } }, { kind: "close" }, ...bad];
  const ms = tries < QUICK_TRIES ? QUICK_RETRY_MS : SLOW_RETRY_MS;
  return [
    { ...now, attempt, card: { kind: "waiting", ...next } },
    { kind: "close" },
    { kind: "retryAfter", attempt, ms },
    ...bad,
  ];
}

function read(now: Life, uid: Uint8Array): Step {
  const same = now.lying !== null && sameBytes(now.lying, uid);
  const life: Life = { ...now, card: { kind: "read" }, lying: uid };
  const old: LifeEffect[] = now.lying !== null && !same ? [{ kind: "sight", sighting: "removed", uid: now.lying }] : [];
  const fresh: LifeEffect[] = same ? [] : [{ kind: "sight", sighting: "present", uid }];
  return join(tell(life, null), (told) => [told, ...old, ...fresh]);
}

function forget(now: Life): Step {
  if (now.lying === null) return [now];
  return [
    { ...now, lying: null },
    { kind: "sight", sighting: "removed", uid: now.lying },
  ];
}

/** @param told a reason, or null for "present" */
function tell(now: Life, told: Sentence | null): Step {
  if (now.told !== undefined && sameSentence(now.told, told)) return [now];
  const state: ReaderState = told === null ? { kind: "present" } : { kind: "lost", reason: told };
  return [
    { ...now, told },
    { kind: "tell", state },
  ];
}

function join([life, ...effects]: Step, next: (life: Life) => Step): Step {
  const [after, ...more] = next(life);
  return [after, ...effects, ...more];
}
