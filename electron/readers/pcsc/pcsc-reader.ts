/** A PC/SC reader: the bay's view into its life, the life's wishes to the card. Thin; what happens is decided in life.ts. */
import type { Sentence } from "../../../shared/sentences/sentence.ts";
import type { Reader, ReaderEvents, Signal } from "../driver.ts";
import type { Bay, BayReader, BayView } from "./bay.ts";
import { signalCommands } from "./feedback.ts";
import { type CardResult, FIRST_LIFE, type LifeEffect, type LifeEvent, stepLife } from "./life.ts";
import type { PcscSpec } from "./pcsc-spec.ts";
import type { Card, CardWhy } from "./service.ts";
import { explainReader } from "./trouble.ts";
import { GET_UID, uidIn } from "./uid-answer.ts";

export interface PcscDeps {
  bay: Bay;
  setTimer: (run: () => void, delayMs: number) => () => void;
}

/**
 * The reader at the place that the spec names. It begins at once, tries until `stop`, and never throws. The first
 * `onState` comes when the service was found or not.
 */
export function openPcscReader(spec: PcscSpec, events: ReaderEvents, { bay, setTimer }: PcscDeps): Reader {
  const title = titleOf(spec.place);
  const timers = new Set<() => void>();
  let life = FIRST_LIFE;
  let present: BayReader | null = null;
  let card: Card | null = null;
  let signalling = false;
  let gapMs = spec.sameTapMs;

  function happened(event: LifeEvent): void {
    const [next, ...effects] = stepLife(life, event);
    life = next;
    effects.forEach(act);
  }

  function act(effect: LifeEffect): void {
    const { kind } = effect;
    switch (kind) {
      case "ask":
        void ask(effect.attempt);
        return;
      case "close":
        card?.close();
        card = null;
        return;
      case "retryAfter":
        later(effect.ms, { kind: "retryDue", attempt: effect.attempt });
        return;
      case "gapAfter":
        later(gapMs, { kind: "gapOver", attempt: effect.attempt });
        return;
      case "sight":
        events.onSighting({ kind: effect.sighting, tag: { form: "bytes", bytes: effect.uid, technology: "hf" } });
        return;
      case "badFrame":
        events.onBadFrame();
        return;
      case "tell":
        events.onState(effect.state);
    }
  }

  async function ask(attempt: number): Promise<void> {
    const reader = present;
    if (reader === null) return;
    const opening = await reader.open();
    if (!opening.ok) return happened({ kind: "asked", attempt, result: resultOf(opening.why) });
    // Another attempt, or none, by now: this one's card is nobody's.
    if (life.attempt !== attempt || life.stopped) return opening.card.close();
    card?.close();
    card = opening.card;
    const answer = await opening.card.transmit(GET_UID);
    const uid = answer.ok ? uidIn(answer.bytes) : null;
    if (uid !== null) return happened({ kind: "asked", attempt, result: { kind: "uid", uid } });
    happened({ kind: "asked", attempt, result: answer.ok ? { kind: "bad" } : resultOf(answer.why) });
  }
  const resultOf = (why: CardWhy): CardResult =>
    why === "taken" || why === "denied"
      ? { kind: "trouble", reason: explainReader(title, { kind: why }) }
      : { kind: "bad" };

  function later(ms: number, event: LifeEvent): void {
    const cancel = setTimer(() => {
      timers.delete(cancel);
      happened(event);
    }, ms);
    timers.add(cancel);
  }

  const leave = bay.attend((view) => {
    present = view.kind === "up" ? (view.readers.find(({ place }) => place === spec.place) ?? null) : null;
    if (present !== null) happened({ kind: "seen", look: present.look });
    else if (view.kind !== "starting") happened({ kind: "away", reason: whyAway(spec.place, title, view) });
  });

  const commands = signalCommands(title);
  async function send(commandOf: Record<Signal, Uint8Array>, signal: Signal): Promise<void> {
    if (card === null || signalling) return;
    signalling = true;
    await card.transmit(commandOf[signal]);
    signalling = false;
  }
  return {
    id: spec.id,
    name: spec.name,
    signal: commands === null ? null : (signal) => void send(commands, signal),
    setGap(ms) {
      gapMs = ms;
    },
    async stop() {
      leave();
      for (const cancel of timers) cancel();
      happened({ kind: "stop" });
    },
  };
}

function whyAway(place: string, title: string, view: Exclude<BayView, { kind: "starting" }>): Sentence {
  if (view.kind === "down") return view.reason;
  const held = view.held.find(({ port }) => place.startsWith(`usb-${port}:`));
  return explainReader(title, { kind: "notThere", heldBy: held?.heldBy ?? null });
}

/** What the reader says of itself, out of its place. */
function titleOf(place: string): string {
  return place.replace(/^usb-[^:]*:/, "");
}
